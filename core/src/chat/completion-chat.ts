/** Asks a model that only chats to continue a text: the text becomes a user's message, and the answer is the continuation. */
import type { EncodeContext } from '../dialect.ts';
import type { CompletionRequest } from './completion.ts';
import type { ChatRequest } from './request.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Settings that mean the same in both. */
const SETTINGS = [
  'streamUsage',
  'maxOutput',
  'temperature',
  'topP',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'candidates',
  'endUser',
  'rest',
] as const;

/** The chat that stands for a completion. Says of what a chat has no place for that it cannot be expressed. */
export function chatOf(request: CompletionRequest, context: EncodeContext): ChatRequest {
  const chat: Writable<ChatRequest> = {
    model: request.model,
    messages: [{ role: 'user', parts: [{ type: 'text', text: textOf(request, context) }] }],
    stream: request.stream,
  };
  for (const key of SETTINGS) if (request[key] !== undefined) Object.assign(chat, { [key]: request[key] });
  if (request.logprobs !== undefined) chat.logprobs = { top: request.logprobs };
  const { suffix, echo, bestOf } = request;
  if (suffix !== undefined && suffix !== '') context.unsupported('suffix', 'a chat model cannot fill in the middle');
  if (echo === true) context.unsupported('echo', 'a chat model does not repeat the prompt');
  if (bestOf !== undefined && bestOf > (request.candidates ?? 1)) {
    context.unsupported('best_of', 'a chat model gives all the answers that it makes');
  }
  return chat;
}

function textOf({ prompts }: CompletionRequest, context: EncodeContext): string {
  const [first] = prompts;
  if (prompts.length !== 1) {
    context.unsupported('prompt', `a chat model continues one text per request, and these are ${prompts.length}`);
  }
  if (first?.kind === 'text') return first.text;
  if (first !== undefined) context.unsupported('prompt', 'a chat model takes text, not token ids');
  return '';
}
