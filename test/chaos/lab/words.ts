/** What the lab's providers say when nothing is wrong: the same text, in frames of each dialect. */
import type { Step } from './server.ts';
import { stream, whole } from './reply.ts';

export const TEXT = 'One, two, three, four.';
export const PIECES = ['One, ', 'two, ', 'three, ', 'four.'] as const;
export const USAGE = { input: 9, output: 4 } as const;

const base = { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'lab-model' };
const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { readonly type: string; readonly [key: string]: unknown }): string =>
  `event: ${value.type}\n${event(value)}`;
const usage = { prompt_tokens: USAGE.input, completion_tokens: USAGE.output, total_tokens: USAGE.input + USAGE.output };

const delta = (value: object, finish: string | null = null): string =>
  event({ ...base, choices: [{ index: 0, delta: value, finish_reason: finish }] });

/** OpenAI's dialect, frame by frame. */
export const openai = {
  role: delta({ role: 'assistant', content: '' }),
  text: (piece: string): string => delta({ content: piece }),
  stop: delta({}, 'stop'),
  usage: event({ ...base, choices: [], usage }),
  done: 'data: [DONE]\n\n',
  /** A chunk without any choice. */
  nothing: event({ ...base, choices: [] }),
};

export const BEGINNING: readonly string[] = [openai.role, openai.text(PIECES[0]), openai.text(PIECES[1])];
export const ENDING: readonly string[] = [openai.text(PIECES[2]), openai.text(PIECES[3]), openai.stop, openai.usage];
export const FRAMES: readonly string[] = [...BEGINNING, ...ENDING, openai.done];

export const ANSWER = JSON.stringify({
  id: 'c-1',
  object: 'chat.completion',
  created: 1,
  model: 'lab-model',
  choices: [
    { index: 0, message: { role: 'assistant', content: TEXT, refusal: null }, logprobs: null, finish_reason: 'stop' },
  ],
  usage,
});

/** The good answer, in the way that was asked for. */
export function good(streamed: boolean): Step[] {
  return streamed ? stream(FRAMES) : whole(200, ANSWER);
}

/** Half of the answer in other dialects, and the error that each of their providers then sends. */
export const HALVES = {
  anthropic: [
    named({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'lab-model',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: USAGE.input, output_tokens: 1 },
      },
    }),
    named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'One, two, ' } }),
    named({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  ],
  gemini: [
    event({ candidates: [{ content: { parts: [{ text: 'One, two, ' }], role: 'model' }, index: 0 }] }),
    event({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }),
  ],
  cohere: [
    named({ type: 'message-start', id: 'r-1', delta: { message: { role: 'assistant', content: [] } } }),
    named({ type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } }),
    named({ type: 'content-delta', index: 0, delta: { message: { content: { text: 'One, two, ' } } } }),
    named({ type: 'message-end', delta: { finish_reason: 'ERROR', error: 'the model failed' } }),
  ],
  ollama: [
    `${JSON.stringify({ model: 'm', created_at: '2026-08-04T08:52:19Z', message: { role: 'assistant', content: 'One, two, ' }, done: false })}\n`,
    '{"error":"llama runner process has terminated"}\n',
  ],
} as const;
