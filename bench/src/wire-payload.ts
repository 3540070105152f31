/** The same answer and the same request as each dialect has them on the wire, in the shapes that real providers and clients send. */
import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { ChatEvent } from '../../core/src/chat/event.ts';
import type { Dialect } from '../../core/src/dialect.ts';
import { NO_USAGE } from '../../core/src/usage.ts';
import { chatEvents, conversation } from './payload.ts';

/** A stream as its frames, and the JSON in each of them. */
export interface WireStream {
  readonly frames: readonly Buffer[];
  readonly json: readonly Buffer[];
}

const WORDS = 'Begin under the arcades of the market square, for the shops there are old and the roof is whole.'.split(
  ' ',
);

/** How many pieces of text each stream has. */
const PIECES = 96;

const pieces = <T>(piece: (text: string) => T): T[] =>
  Array.from({ length: PIECES }, (_value, index) => piece(` ${WORDS[index % WORDS.length]}`));

/** A stream of about a hundred events in a dialect; where none is written here by hand, as the dialect's own encoder writes it. */
export function wireStream(id: string, dialect: Dialect<'chat'>): WireStream {
  return STREAMS[id]?.() ?? ownStream(dialect);
}

function ownStream({ id, codec }: Dialect<'chat'>): WireStream {
  if (codec.stream === undefined) throw new RangeError(`The dialect ${id} has no streams.`);
  const context = { model: 'bench-model', usage: true, requestId: 'gw_bench', unsupported: nothing, warn: nothing };
  const encoder = codec.stream.encoder(context);
  const frames = neutralEvents()
    .map((event) => Buffer.from(encoder.push(event)))
    .filter((bytes) => bytes.length > 0);
  const lines = Buffer.concat(frames).toString().split('\n');
  const json = lines.map((line) => line.replace(/^data: /, '')).filter((line) => line.startsWith('{'));
  return { frames, json: json.map((line) => Buffer.from(line)) };
}

const nothing = (): void => undefined;

function neutralEvents(): ChatEvent[] {
  const usage = { ...NO_USAGE, input: 84, output: PIECES };
  return [
    { type: 'start', id: 'BenchBenchBenchBench1234', model: 'bench-model', created: 1_790_000_000 },
    { type: 'part-start', candidate: 0, index: 0, part: { type: 'text', text: '' } },
    ...pieces((text): ChatEvent => ({ type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'text', text } })),
    { type: 'part-end', candidate: 0, index: 0 },
    { type: 'stop', candidate: 0, stop: { reason: 'stop' } },
    { type: 'usage', usage },
    { type: 'end' },
  ];
}

const STREAMS: Readonly<Record<string, () => WireStream>> = {
  'openai-chat': () => {
    const frames = chatEvents(PIECES + 4);
    const json = frames.map((frame) => frame.subarray('data: '.length, -2)).filter((data) => data.at(0) === 0x7b);
    return { frames, json };
  },
  'anthropic-messages': () => {
    const events = anthropicEvents().map((event): [string, Buffer] => [event.type, Buffer.from(JSON.stringify(event))]);
    const frames = events.map(([type, json]) => Buffer.from(`event: ${type}\ndata: ${json.toString()}\n\n`));
    return { frames, json: events.map(([, json]) => json) };
  },
  'gemini-generate': () => {
    const json = geminiChunks().map((chunk) => Buffer.from(JSON.stringify(chunk)));
    return { frames: json.map((data) => Buffer.from(`data: ${data.toString()}\r\n\r\n`)), json };
  },
  'bedrock-converse': () => {
    const events = bedrockEvents().map(([type, body]): [string, Buffer] => [type, Buffer.from(JSON.stringify(body))]);
    return { frames: events.map(([type, json]) => message(type, json)), json: events.map(([, json]) => json) };
  },
};

function anthropicEvents(): { type: string }[] {
  const usage = {
    input_tokens: 84,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: 1,
    service_tier: 'standard',
  };
  const message = {
    id: 'msg_01BenchBenchBenchBenchBench',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const delta = { stop_reason: 'end_turn', stop_sequence: null };
  return [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...pieces((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta, usage: { ...usage, output_tokens: 96 } },
    { type: 'message_stop' },
  ] as { type: string }[];
}

function geminiChunks(): object[] {
  const usage = (count: number): object => ({
    promptTokenCount: 84,
    candidatesTokenCount: count,
    totalTokenCount: 84 + count,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 84 }],
  });
  const told = { modelVersion: 'gemini-3-pro', responseId: 'BenchBenchBenchBench1234' };
  const content = (text: string): object => ({ parts: [{ text }], role: 'model' });
  let count = 0;
  return [
    ...pieces((text) => ({
      candidates: [{ content: content(text), index: 0 }],
      usageMetadata: usage(count++),
      ...told,
    })),
    { candidates: [{ content: content('.'), finishReason: 'STOP', index: 0 }], usageMetadata: usage(PIECES), ...told },
  ];
}

function bedrockEvents(): [string, object][] {
  return [
    ['messageStart', { role: 'assistant', p: 'abcdefgh' }],
    ...pieces((text): [string, object] => [
      'contentBlockDelta',
      { contentBlockIndex: 0, delta: { text }, p: 'abcdefghijklmnopqrstuvwxyz' },
    ]),
    ['contentBlockStop', { contentBlockIndex: 0, p: 'abcd' }],
    ['messageStop', { stopReason: 'end_turn', p: 'abcdef' }],
    [
      'metadata',
      { usage: { inputTokens: 84, outputTokens: 96, totalTokens: 180 }, metrics: { latencyMs: 900 }, p: 'abc' },
    ],
  ];
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

function message(type: string, body: Buffer): Buffer {
  const text = (value: string) => ({ type: 'string' as const, value });
  const headers = {
    ':event-type': text(type),
    ':content-type': text('application/json'),
    ':message-type': text('event'),
  };
  return Buffer.from(codec.encode({ headers, body }));
}

/** A long conversation with tools, of about `size` bytes as OpenAI's clients send it. */
export const wireConversation = (size: number): Buffer => conversation('gpt-4o', size);
