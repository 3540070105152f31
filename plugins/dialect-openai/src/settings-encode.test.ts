/** Settings of other dialects, written for a provider of this one. */
import { expect, test } from 'vitest';
import type { ChatRequest, JsonObject } from '@gatewright/core';
import { request, rest, user, written } from './foreign.test.kit.ts';
import { codec, dropping, refusing, thrown } from './wire.test.kit.ts';

const settings = (more: Partial<ChatRequest>, context = dropping()): JsonObject => {
  const { model: _model, messages: _messages, ...others } = written(request([user], more), context);
  return others;
};

test('the model is the target’s', () => {
  expect(written(request([user]), dropping('gpt-5.6'))['model']).toBe('gpt-5.6');
});

test('all that have a place', () => {
  expect(
    settings({
      stream: true,
      streamUsage: true,
      maxOutput: 10,
      temperature: 0.5,
      topP: 0.9,
      stop: ['a'],
      seed: 1,
      candidates: 2,
      logprobs: { top: 2 },
      parallelTools: false,
      endUser: 'u',
      metadata: { a: 'b' },
      serviceTier: 'priority',
      responseFormat: { kind: 'schema', schema: { type: 'object' } },
      reasoning: { effort: 'max' },
    }),
  ).toEqual({
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 10,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['a'],
    seed: 1,
    n: 2,
    logprobs: true,
    top_logprobs: 2,
    parallel_tool_calls: false,
    user: 'u',
    metadata: { a: 'b' },
    service_tier: 'priority',
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
    reasoning_effort: 'max',
  });
  expect(settings({ streamUsage: true, responseFormat: { kind: 'json' } })).toEqual({
    response_format: { type: 'json_object' },
  });
});

test.each<[Partial<ChatRequest>, JsonObject, string[]]>([
  [{ topK: 5 }, {}, ['top_k']],
  [{ stop: ['a', 'b', 'c', 'd', 'e'] }, { stop: ['a', 'b', 'c', 'd'] }, ['stop_sequences']],
  [{ serviceTier: 'batch' }, {}, ['service_tier']],
  [{ serviceTier: 'standard_only' }, { service_tier: 'default' }, []],
  [{ rest: rest({ container: 'c', $note: 1 }) }, {}, ['container']],
  [{ reasoning: { mode: 'adaptive', rest: rest({ display: 'omitted' }) } }, {}, ['reasoning.display']],
])('%j', (more, expected, dropped) => {
  const context = dropping();
  expect(settings(more, context)).toEqual(expected);
  expect(context.dropped).toEqual(dropped);
});

test('what cannot be expressed is refused by its name', () => {
  const error = thrown(() => codec.encodeRequest(request([user], { topK: 5 }), refusing));
  expect([error.code, error.details.param]).toEqual(['GW_UNSUPPORTED', 'top_k']);
});

test.each([
  [{ budgetTokens: 1024, mode: 'enabled' as const }, 'low'],
  [{ budgetTokens: 4096 }, 'low'],
  [{ budgetTokens: 4097 }, 'medium'],
  [{ budgetTokens: 16_384 }, 'medium'],
  [{ budgetTokens: 32_000 }, 'high'],
  [{ budgetTokens: 32_000, effort: 'low' }, 'low'],
  [{ budgetTokens: 32_000, mode: 'disabled' as const }, undefined],
  [{ mode: 'disabled' as const }, undefined],
  [{ mode: 'adaptive' as const }, undefined],
])('reasoning %j is the effort %s', (reasoning, effort) => {
  expect(settings({ reasoning })['reasoning_effort']).toBe(effort);
});

test('a long id of an end user becomes a short one, always the same', () => {
  const long = 'u'.repeat(65);
  const short = settings({ endUser: long })['user'];
  expect(short).toMatch(/^[0-9a-f]{64}$/);
  expect(settings({ endUser: long })['user']).toBe(short);
  expect(settings({ endUser: `${long}2` })['user']).not.toBe(short);
});

test('a cache mark is left out, and that is said', () => {
  const context = dropping();
  expect(settings({ cache: { ttl: '1h' } }, context)).toEqual({});
  expect(context.warned).toEqual(['cache_control']);
});
