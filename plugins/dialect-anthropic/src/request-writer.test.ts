/** Requests of other dialects: what becomes of each setting, and what is said of those that cannot be. */
import type { ChatRequest, JsonObject } from '@gatewright/core';
import { expect, test } from 'vitest';
import { codec, complete, DEFAULT_MAX_TOKENS, dropping } from './wire.test.kit.ts';

const BASE: ChatRequest = { model: 'public', stream: false, messages: [] };

const write = (fields: Partial<ChatRequest>): { body: JsonObject; dropped: string[]; warned: string[] } => {
  const notes = dropping('claude-x');
  return { body: codec.encodeRequest({ ...BASE, ...fields }, notes), dropped: notes.dropped, warned: notes.warned };
};

test('the smallest request', () => {
  expect(codec.encodeRequest(BASE, complete('claude-x'))).toEqual({
    model: 'claude-x',
    max_tokens: DEFAULT_MAX_TOKENS,
    messages: [],
  });
});

test('a budget for thinking comes on top of the default limit, and a limit of its own is kept', () => {
  const reasoning = { budgetTokens: 40_000 };
  expect(write({ reasoning }).body['max_tokens']).toBe(DEFAULT_MAX_TOKENS + 40_000);
  expect(write({ reasoning, maxOutput: 50_000 }).body['max_tokens']).toBe(50_000);
  expect(write({ maxOutput: 0 }).body['max_tokens']).toBe(0);
});

test('stream is only written where it is wanted', () => {
  expect(write({ stream: true, streamUsage: true }).body).toMatchObject({ stream: true });
  expect(write({}).body).not.toHaveProperty('stream');
});

test.each<[string, Partial<ChatRequest>, string[]]>([
  ['temperature over 1', { temperature: 1.2 }, ['temperature']],
  ['a seed', { seed: 1 }, ['seed']],
  ['penalties', { presencePenalty: 0.1, frequencyPenalty: -1 }, ['presence_penalty', 'frequency_penalty']],
  ['several answers', { candidates: 2 }, ['n']],
  ['log probabilities', { logprobs: {} }, ['logprobs']],
  ['metadata', { metadata: { a: 'b' } }, ['metadata']],
  ['JSON without a schema', { responseFormat: { kind: 'json' } }, ['response_format']],
  ['a tier of another', { serviceTier: 'flex' }, ['service_tier']],
  ['a stop sequence of white space', { stop: ['\n', 'END'] }, ['stop.0']],
  [
    "another dialect's fields",
    { rest: { dialect: 'openai-chat', fields: { logit_bias: {}, store: true, $shape: 1 } } },
    ['logit_bias', 'store'],
  ],
  [
    "another dialect's thinking settings",
    { reasoning: { effort: 'low', rest: { dialect: 'o', fields: { summary: 'auto' } } } },
    ['reasoning.summary'],
  ],
])('%s cannot be expressed', (_what, fields, dropped) => {
  const written = write(fields);
  expect(written.dropped).toEqual(dropped);
  const refusing = {
    ...dropping(),
    unsupported: (field: string) => {
      throw new Error(field);
    },
  };
  expect(() => codec.encodeRequest({ ...BASE, ...fields }, refusing)).toThrow(dropped[0]);
  // Where the configuration drops it, it is not there.
  const allowed = new Set(['model', 'max_tokens', 'messages', 'stop_sequences', 'output_config']);
  expect(Object.keys(written.body).filter((key) => !allowed.has(key))).toEqual([]);
});

test('what means nothing is not said: no penalty, one answer, plain text', () => {
  const fields = {
    presencePenalty: 0,
    frequencyPenalty: 0,
    candidates: 1,
    metadata: {},
    responseFormat: { kind: 'text' as const },
  };
  expect(codec.encodeRequest({ ...BASE, ...fields }, complete('claude-x'))).toEqual(
    codec.encodeRequest(BASE, complete('claude-x')),
  );
});

test('temperature, nucleus, stops, user and tier go where they belong', () => {
  const { body } = write({ temperature: 1, topP: 0.5, topK: 3, stop: ['END'], endUser: 'ada', serviceTier: 'default' });
  expect(body).toMatchObject({
    temperature: 1,
    top_p: 0.5,
    top_k: 3,
    stop_sequences: ['END'],
    metadata: { user_id: 'ada' },
    service_tier: 'standard_only',
  });
  expect(write({ serviceTier: 'auto' }).body['service_tier']).toBe('auto');
});

test('a mark on the whole request', () => {
  expect(write({ cache: {} }).body['cache_control']).toEqual({ type: 'ephemeral' });
  expect(write({ cache: { ttl: '5m' } }).body['cache_control']).toEqual({ type: 'ephemeral', ttl: '5m' });
});

test("a change by a plugin wins over what the client's own body said", () => {
  const body = { model: 'm', max_tokens: 5, messages: [], metadata: { user_id: 'ada', team: 'a' }, temperature: null };
  const request = codec.decodeRequest(body, { headers: {} });
  const changed = { ...request, endUser: 'grace', maxOutput: 3, temperature: 0.2 };
  expect(codec.encodeRequest(changed, complete('m'))).toEqual({
    ...body,
    max_tokens: 3,
    temperature: 0.2,
    metadata: { user_id: 'grace', team: 'a' },
  });
});
