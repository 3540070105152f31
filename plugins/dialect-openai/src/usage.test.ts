/** Token counts, as many servers give them. */
import { describe, expect, test } from 'vitest';
import { inputTokens, NO_USAGE, outputTokens, type Usage } from '@gatewright/core';
import fc from 'fast-check';
import { decodeUsage, encodeUsage } from './usage.ts';

const counts = (value: unknown): Partial<Usage> => {
  const { raw, ...usage } = decodeUsage(value) ?? NO_USAGE;
  expect(raw).toEqual({ dialect: 'openai-chat', value });
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== 0));
};

describe('each token is in one class', () => {
  test.each([
    ['the plain form', { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }, { input: 10, output: 5 }],
    [
      'all details',
      {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 10, audio_tokens: 5, image_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 4 },
      },
      {
        input: 42,
        cacheRead: 40,
        cacheWrite5m: 10,
        audioInput: 5,
        imageInput: 3,
        output: 26,
        reasoning: 20,
        audioOutput: 4,
      },
    ],
    [
      'DeepSeek’s cache',
      {
        prompt_tokens: 495,
        completion_tokens: 1,
        total_tokens: 496,
        prompt_cache_hit_tokens: 320,
        prompt_cache_miss_tokens: 175,
      },
      { input: 175, cacheRead: 320, output: 1 },
    ],
    [
      'Moonshot’s cache',
      { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23, cached_tokens: 10 },
      { input: 10, cacheRead: 10, output: 3 },
    ],
    [
      'xAI’s reasoning, beside the completion',
      {
        prompt_tokens: 12,
        completion_tokens: 1,
        total_tokens: 303,
        completion_tokens_details: { reasoning_tokens: 290 },
      },
      { input: 12, output: 1, reasoning: 290 },
    ],
    [
      'more cached sound than there is prompt',
      {
        prompt_tokens: 10,
        completion_tokens: 0,
        total_tokens: 10,
        prompt_tokens_details: { cached_tokens: 8, audio_tokens: 8 },
      },
      { cacheRead: 8, audioInput: 2 },
    ],
    [
      'nulls',
      { prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: null, completion_tokens_details: null },
      { input: 1, output: 2 },
    ],
    ['nonsense', { prompt_tokens: '7', completion_tokens: -1 }, {}],
  ])('%s', (_name, value, expected) => {
    expect(counts(value)).toEqual(expected);
  });
});

test('what is no block is no usage', () => {
  expect([null, undefined, 7, [], 'x'].map(decodeUsage)).toEqual(Array(5).fill(undefined));
});

test('the classes sum up to the totals, whatever the details say', () => {
  const n = fc.nat(1000);
  const block = fc.record({
    prompt_tokens: n,
    completion_tokens: n,
    prompt_tokens_details: fc.record({ cached_tokens: n, audio_tokens: n, image_tokens: n, cache_write_tokens: n }),
    completion_tokens_details: fc.record({ reasoning_tokens: n, audio_tokens: n }),
  });
  fc.assert(
    fc.property(block, (value) => {
      const usage = decodeUsage(value) as Usage;
      expect([inputTokens(usage), outputTokens(usage)]).toEqual([value.prompt_tokens, value.completion_tokens]);
      expect(encodeUsage(usage)).toBe(value);
    }),
  );
});

test('counts of another dialect come back the same', () => {
  const n = fc.nat(1000);
  const usage = fc.record({
    input: n,
    cacheRead: n,
    cacheWrite5m: n,
    cacheWrite1h: fc.constant(0),
    output: n,
    reasoning: n,
    audioInput: n,
    audioOutput: n,
    imageInput: n,
    imageOutput: n,
  });
  fc.assert(
    fc.property(usage, (value) => {
      const { raw: _raw, ...again } = decodeUsage(encodeUsage(value)) as Usage;
      expect(again).toEqual(value);
    }),
  );
});

test('a block that no longer holds is written anew', () => {
  const usage = decodeUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 1 }) as Usage;
  expect(encodeUsage({ ...usage, output: 6 })).toMatchObject({ completion_tokens: 6, total_tokens: 16 });
  expect(encodeUsage({ ...usage, raw: { dialect: 'acme', value: {} } })).not.toHaveProperty('cost');
});
