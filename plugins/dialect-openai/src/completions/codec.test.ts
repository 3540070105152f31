/** Completions: what only chat says becomes a completion, streams are read and written, sizes are read off. */
import { NO_USAGE, type ChatEvent, type ChatResponse, type EncodeContext } from '@gatewright/core';
import { outlineOf, SseSplitter, type Frame } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { completionsCodec } from './codec.ts';

const said: string[] = [];
const context: EncodeContext = {
  model: 'm',
  unsupported: (field) => void said.push(`no ${field}`),
  warn: (field) => void said.push(`without ${field}`),
};
const streamContext = { ...context, usage: true, requestId: 'r-1' };

function framesOf(text: string): Frame[] {
  const frames: Frame[] = [];
  const splitter = new SseSplitter((frame) => {
    const { event, ascii } = frame;
    const data = frame.text();
    frames.push({ event, ascii, text: () => data, json: () => JSON.parse(data) as unknown } as Frame);
  });
  splitter.push(Buffer.from(text));
  splitter.end();
  return frames;
}

const chunk = (choices: unknown[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'text_completion', created: 1, model: 'm', choices, ...more })}\n\n`;
const choice = (index: number, text: string, finish: string | null = null): object => ({
  text,
  index,
  logprobs: null,
  finish_reason: finish,
});

describe('an answer of a chat', () => {
  const answer: ChatResponse = {
    id: 'msg_1',
    model: 'claude',
    candidates: [
      {
        index: 0,
        parts: [
          { type: 'reasoning', text: 'Hm.', origin: 'acme' },
          { type: 'text', text: 'Yes' },
          { type: 'refusal', text: ', no' },
        ],
        stop: { reason: 'tool-calls', raw: { dialect: 'openai-chat', value: 'tool_calls' } },
        logprobs: {
          content: [
            { token: 'Yes', logprob: -0.1, top_logprobs: [{ token: 'No', logprob: -2 }] },
            { token: ', no', logprob: -0.2 },
          ],
        },
      },
    ],
    usage: { ...NO_USAGE, input: 3, output: 4 },
  };

  test('has its text, a reason that the API knows, and probabilities in their old form', () => {
    said.length = 0;
    expect(completionsCodec.encodeResponse(answer, context)).toMatchObject({
      id: 'msg_1',
      object: 'text_completion',
      created: 0,
      model: 'm',
      choices: [
        {
          text: 'Yes, no',
          index: 0,
          finish_reason: 'stop',
          logprobs: {
            tokens: ['Yes', ', no'],
            token_logprobs: [-0.1, -0.2],
            top_logprobs: [{ No: -2 }, {}],
            text_offset: [0, 3],
          },
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
    expect(said).toEqual(['without a reasoning of the answer']);
  });

  test('streamed, has its texts and nothing of its thinking', () => {
    const encoder = completionsCodec.stream?.encoder(streamContext);
    const place = { candidate: 0, index: 1 };
    const events: ChatEvent[] = [
      { type: 'start', id: '', model: 'claude' },
      { type: 'part-start', candidate: 0, index: 0, part: { type: 'reasoning', text: '', origin: 'acme' } },
      { type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'reasoning', text: 'Hm.' } },
      { type: 'part-start', ...place, part: { type: 'text', text: 'Ye' } },
      {
        type: 'part-delta',
        ...place,
        delta: { kind: 'text', text: 's' },
        logprobs: { content: [{ token: 's', logprob: -1 }] },
      },
      { type: 'ping' },
      { type: 'part-end', ...place },
      { type: 'stop', candidate: 0, stop: { reason: 'length' } },
      { type: 'usage', usage: { ...NO_USAGE, input: 1, output: 2 } },
      { type: 'end' },
    ];
    const text = events.map((event) => encoder?.push(event)).join('');
    const chunks = framesOf(text).map((frame) => frame.text());
    expect(chunks.at(-1)).toBe('[DONE]');
    const read = chunks.slice(0, -1).map((one) => JSON.parse(one) as { id: string; choices: object[]; usage: unknown });
    expect(read.flatMap(({ choices }) => choices)).toMatchObject([
      { text: 'Ye', logprobs: null, finish_reason: null },
      { text: 's', logprobs: { tokens: ['s'], text_offset: [2] } },
      { text: '', finish_reason: 'length' },
    ]);
    expect(read[0]).toMatchObject({ id: 'cmpl-r-1', usage: null });
    expect(read.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 2 } });
  });
});

describe('a stream', () => {
  const body =
    chunk([choice(0, 'a')]) +
    chunk([choice(1, 'x')]) +
    chunk([choice(0, '', 'stop')]) +
    chunk([choice(1, '', 'length')]) +
    chunk([], { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } });

  test('is read, candidates apart', () => {
    const decoder = completionsCodec.stream?.decoder();
    const events = framesOf(`${body}data: [DONE]\n\n`).flatMap((frame) => decoder?.push(frame) ?? []);
    expect(events.map(({ type }) => type)).toEqual(
      'start part-start part-delta part-start part-delta part-end stop part-end stop usage end'.split(' '),
    );
  });

  test('without an end marker ends where all candidates have stopped', () => {
    const decoder = completionsCodec.stream?.decoder();
    for (const frame of framesOf(body)) decoder?.push(frame);
    expect(decoder?.end()).toEqual([{ type: 'end' }]);
    const cut = completionsCodec.stream?.decoder();
    for (const frame of framesOf(chunk([choice(0, 'a')]))) cut?.push(frame);
    expect(cut?.end()).toEqual([{ type: 'part-end', candidate: 0, index: 0 }]);
  });

  test('with an error in it ends with that', () => {
    const decoder = completionsCodec.stream?.decoder();
    const frame = 'data: {"error":{"message":"Busy.","type":"server_error","code":503}}\n\n';
    const [event] = framesOf(frame).flatMap((one) => decoder?.push(one) ?? []);
    expect(event).toEqual({ type: 'error', status: 503, message: 'Busy.', errorType: 'server_error', code: '503' });
    const broken = completionsCodec.stream?.decoder();
    expect(() => framesOf('data: 5\n\n').map((one) => broken?.push(one))).toThrow(/must be an object/);
  });
});

test.each([
  [
    { prompt: 'a', max_tokens: 5 },
    { maxOutput: 5, candidates: 1 },
  ],
  [{ prompt: [1, 2, 3], n: 2 }, { candidates: 2 }],
  [
    { prompt: ['a', 'b', 'c'], n: 2, best_of: 4, max_tokens: 5 },
    { maxOutput: 5, candidates: 12 },
  ],
])('how much %j may produce', (body, size) => {
  expect(completionsCodec.readSize?.(outlineOf(Buffer.from(JSON.stringify(body)), 64))).toEqual(size);
});
