/** Bodies as https://docs.ollama.com/api/chat shows them, and what tests need to run streams through the codec. */
import type { ChatEvent, EncodeContext, JsonObject, StreamEncodeContext } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { codec } from './codec.ts';
import { LineSplitter } from './line-splitter.ts';

export interface Told extends EncodeContext, StreamEncodeContext {
  readonly told: string[];
}

export function toldContext(model = ''): Told {
  const told: string[] = [];
  return {
    model,
    told,
    usage: true,
    requestId: 'req-1',
    unsupported: (field) => void told.push(`unsupported ${field}`),
    warn: (field) => void told.push(`warn ${field}`),
  };
}

/** Frames for the listener, with what the splitter says is theirs. */
export function framesOf(
  chunks: readonly (string | Buffer)[],
  see: (frame: Frame) => void = () => undefined,
): string[] {
  const pieces: string[] = [];
  const splitter = new LineSplitter((frame, start, end) => {
    pieces.push(splitter.bytes.toString('utf8', start, end));
    see(frame);
  });
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return pieces;
}

export function decodeStream(text: string): ChatEvent[] {
  const decoder = codec.stream?.decoder();
  const events: ChatEvent[] = [];
  framesOf([text], (frame) => events.push(...(decoder?.push(frame) ?? [])));
  return [...events, ...(decoder?.end() ?? [])];
}

export function encodeStream(events: readonly ChatEvent[], context = toldContext()): string {
  const encoder = codec.stream?.encoder(context);
  return events.map((event) => encoder?.push(event) ?? '').join('');
}

export const linesOf = (values: readonly JsonObject[]): string =>
  values.map((one) => `${JSON.stringify(one)}\n`).join('');

const stamp = { model: 'llama3.2', created_at: '2026-08-04T08:52:19.385406455Z' };
const said = (message: JsonObject): JsonObject => ({
  ...stamp,
  message: { role: 'assistant', ...message },
  done: false,
});
const COUNTS = {
  total_duration: 4883583458,
  load_duration: 1334875,
  prompt_eval_count: 26,
  prompt_eval_duration: 342546000,
  eval_count: 282,
  eval_duration: 4535599000,
};
const DONE = { ...stamp, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', ...COUNTS };
const WEATHER = { id: 'call_1', function: { name: 'get_weather', arguments: { city: 'Tōkyō' } } };

export const STREAMS: Readonly<Record<string, string>> = {
  text: linesOf([said({ content: 'The' }), said({ content: ' sky — 🌌' }), DONE]),
  thinking: linesOf([
    said({ content: '', thinking: 'Hm' }),
    said({ content: '', thinking: '.' }),
    said({ content: '4' }),
    DONE,
  ]),
  tools: linesOf([
    said({ content: 'I look.' }),
    said({ content: '', tool_calls: [WEATHER] }),
    said({ content: '', tool_calls: [{ ...WEATHER, id: 'call_2' }] }),
    DONE,
  ]),
  'cut by its limit': linesOf([said({ content: 'The' }), { ...DONE, done_reason: 'length' }]),
};

export const ANSWERS: Readonly<Record<string, JsonObject>> = {
  text: { ...DONE, message: { role: 'assistant', content: 'Hello! How are you today?' } },
  thinking: { ...DONE, message: { role: 'assistant', content: '4', thinking: 'Two and two.' } },
  tools: { ...DONE, message: { role: 'assistant', content: '', tool_calls: [WEATHER] } },
  'a model that was loaded': { ...stamp, message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' },
  'fields that nobody knows': { ...DONE, remote_model: 'gpt-oss:120b', remote_host: 'https://ollama.com:443' },
};

const user = (content: string): JsonObject => ({ role: 'user', content });
const TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather.',
    parameters: { type: 'object', properties: { city: {} } },
  },
};

export const REQUESTS: Readonly<Record<string, JsonObject>> = {
  plain: { model: 'llama3.2', messages: [user('why is the sky blue?')], stream: false },
  history: {
    model: 'llama3.2',
    messages: [
      { role: 'system', content: 'Be brief.' },
      user('why?'),
      { role: 'assistant', content: 'due to rayleigh scattering.', thinking: 'Hm.' },
      user('how?'),
    ],
    stream: true,
  },
  images: { model: 'llava', messages: [{ ...user('what is it?'), images: ['iVBORw0KGgoAAAA'] }], stream: true },
  tools: {
    model: 'llama3.2',
    messages: [
      user('weather?'),
      { role: 'assistant', content: '', tool_calls: [WEATHER] },
      { role: 'tool', content: '11 degrees', tool_call_id: 'call_1', tool_name: 'get_weather' },
    ],
    tools: [TOOL],
    stream: true,
  },
  settings: {
    model: 'llama3.2',
    messages: [user('why?')],
    format: { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] },
    think: 'high',
    options: {
      num_ctx: 1024,
      num_gpu: 1,
      mirostat: 1,
      seed: 101,
      temperature: 0,
      top_k: 20,
      top_p: 0.9,
      num_predict: 100,
      stop: ['\n', 'user:'],
      presence_penalty: 1.5,
      frequency_penalty: 1,
    },
    keep_alive: '5m',
    truncate: false,
    stream: true,
  },
  json: { model: 'llama3.2', messages: [user('why?')], format: 'json', think: false, keep_alive: 0, stream: true },
  'nothing to say': { model: 'llama3.2', messages: [], stream: true },
};
