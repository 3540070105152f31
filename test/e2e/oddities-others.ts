/** What real streams of other dialects than OpenAI's do. */
import type { Oddity, Told } from './oddities.ts';

const HELLO: Told = { text: 'Hello', stop: 'stop', usage: [4, 3] };

const named = (...events: { type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const anthropic = (what: string, stream: string, told: Told = HELLO): Oddity => ({
  what,
  provider: 'anthropic',
  stream,
  told,
});
const BEGUN = [
  {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 4, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
];
const ENDED = [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
];
const OVERLOADED = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

const gemini = (what: string, stream: string, told: Told = HELLO, provider = 'gemini'): Oddity => ({
  what,
  provider,
  stream,
  told,
});
const said = (text: string, more: object = {}): object => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 3, totalTokenCount: 7 },
  modelVersion: 'm',
  responseId: 'r-1',
});
const [first, last] = [said('Hel'), said('lo', { finishReason: 'STOP' })];
const events = (...chunks: object[]): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('');
const QUOTA = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };

const cohere = (what: string, stream: string, told: Told = HELLO): Oddity => ({
  what,
  provider: 'cohere',
  stream,
  told,
});
const SAID = [
  {
    type: 'message-start',
    id: 'r-1',
    delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
  },
  { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
  { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Hello' } } } },
  { type: 'content-end', index: 0 },
];
const tokens = { input_tokens: 4, output_tokens: 3 };
const COMPLETE = { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { billed_units: tokens, tokens } } };

const ollama = (what: string, stream: string, told: Told = HELLO): Oddity => ({
  what,
  provider: 'ollama',
  stream,
  told,
});
const line = (content: string, more: object = { done: false }): string =>
  `${JSON.stringify({ model: 'm', created_at: '2026-08-04T08:52:19Z', message: { role: 'assistant', content }, ...more })}\n`;
const FINISHED = { done: true, done_reason: 'stop', prompt_eval_count: 4, eval_count: 3 };

export const OTHER_ODDITIES: readonly Oddity[] = [
  anthropic('pings stand in between, and there is no [DONE]', named(...BEGUN, ...ENDED)),
  anthropic('JSON is padded with spaces', named(...BEGUN, ...ENDED).replaceAll(/\}\n\n/g, '}            \n\n')),
  anthropic('the last blank line is missing', named(...BEGUN, ...ENDED).trimEnd()),
  anthropic('an error ends it', named(...BEGUN, OVERLOADED), { error: /Overloaded/ }),
  anthropic('it just ends', named(...BEGUN), { error: /./ }),
  gemini('line ends are CRLF, and there is no [DONE]', events(first, last)),
  gemini('the last blank line is missing', events(first, last).trimEnd()),
  gemini('the last blank line is missing on Vertex AI too', events(first, last).trimEnd(), HELLO, 'vertex'),
  gemini('an error in a list ends it', events(first) + `data: ${JSON.stringify([QUOTA])}\r\n\r\n`, {
    error: /overloaded/,
  }),
  gemini('it just ends, without a finish reason', events(first), { error: /./ }),
  cohere('events are named, and [DONE] follows them', `${named(...SAID, COMPLETE)}data: [DONE]\n\n`),
  cohere('[DONE] is missing', named(...SAID, COMPLETE)),
  ollama('lines take the place of events', line('Hel') + line('lo') + line('', FINISHED)),
  ollama('the last line has no end', (line('Hel') + line('lo', FINISHED)).trimEnd()),
  ollama('an error ends it', `${line('Hel')}{"error":"llama runner process has terminated"}\n`, {
    error: /terminated/,
  }),
  ollama('it just ends', line('Hel'), { error: /./ }),
];
