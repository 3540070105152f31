/** What of a completion a chat can say, and what is told of the rest. */
import { expect, test } from 'vitest';
import type { EncodeContext } from '../dialect.ts';
import type { CompletionRequest } from './completion.ts';
import { chatOf } from './completion-chat.ts';

function asked(more: Partial<CompletionRequest>): { chat: ReturnType<typeof chatOf>; refused: string[] } {
  const refused: string[] = [];
  const context: EncodeContext = { model: 'm', warn: () => {}, unsupported: (field) => void refused.push(field) };
  const request: CompletionRequest = { model: 'm', prompts: [{ kind: 'text', text: 'Once' }], stream: false, ...more };
  return { chat: chatOf(request, context), refused };
}

test('the prompt is a message of the user, and the settings are the same', () => {
  const settings = {
    stream: true,
    streamUsage: true,
    maxOutput: 20,
    temperature: 0.5,
    topP: 0.9,
    stop: ['\n'],
    seed: 7,
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    candidates: 2,
    endUser: 'ada',
    rest: { dialect: 'acme', fields: { late: 1 } },
  };
  const { chat, refused } = asked({ ...settings, logprobs: 3, echo: false, suffix: '', bestOf: 2 });
  expect(chat).toEqual({
    model: 'm',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Once' }] }],
    ...settings,
    logprobs: { top: 3 },
  });
  expect(refused).toEqual([]);
});

test.each<[string, Partial<CompletionRequest>]>([
  ['prompt', { prompts: [] }],
  ['prompt', { prompts: [{ kind: 'tokens', tokens: [1] }] }],
  ['suffix', { suffix: 'end' }],
  ['echo', { echo: true }],
  ['best_of', { bestOf: 3, candidates: 2 }],
])('%s is refused in %j', (field, more) => {
  expect(asked(more).refused).toEqual([field]);
});

test('of several prompts, where that is let pass, the first is taken', () => {
  const prompts = ['a', 'b'].map((text) => ({ kind: 'text' as const, text }));
  const { chat, refused } = asked({ prompts });
  expect(refused).toEqual(['prompt']);
  expect(chat.messages).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'a' }] }]);
});
