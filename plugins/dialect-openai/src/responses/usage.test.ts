/** Token counts overlap in this dialect, and are disjoint in the neutral form. */
import { describe, expect, test } from 'vitest';
import { inputTokens, NO_USAGE, outputTokens, type JsonObject } from '@gatewright/core';
import { ABSENCE, found, readRecordings } from './recordings.test.kit.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

const block = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 30 },
  total_tokens: 150,
};

test('each token is in one class', () => {
  expect(decodeUsage(block)).toEqual({
    ...NO_USAGE,
    input: 30,
    cacheRead: 60,
    cacheWrite5m: 10,
    output: 20,
    reasoning: 30,
    raw: { dialect: 'openai-responses', value: block },
  });
});

test('is written as it came while it holds, and anew where it was changed', () => {
  const usage = decodeUsage(block) ?? NO_USAGE;
  expect(encodeUsage(usage)).toBe(block);
  expect(encodeUsage({ ...usage, output: 21 })).toEqual({ ...block, output_tokens: 51, total_tokens: 151 });
});

test.each([undefined, null, 'many', []])('%j is no usage', (value) => {
  expect(decodeUsage(value)).toBeUndefined();
});

test('details that cannot be are not counted twice', () => {
  const odd = {
    input_tokens: 5,
    input_tokens_details: { cached_tokens: 9 },
    output_tokens: -1,
    output_tokens_details: { reasoning_tokens: 3 },
  };
  expect(decodeUsage(odd)).toMatchObject({ input: 0, cacheRead: 5, output: 0, reasoning: 0 });
});

describe.skipIf(!found)(`recordings${ABSENCE}`, () => {
  const blocks = readRecordings().answers.map(({ name, value }) => ({ name, usage: value['usage'] as JsonObject }));

  test.each(blocks)('$name', ({ usage }) => {
    const read = decodeUsage(usage) ?? NO_USAGE;
    expect(inputTokens(read)).toBe(usage['input_tokens']);
    expect(outputTokens(read)).toBe(usage['output_tokens']);
    expect(inputTokens(read) + outputTokens(read)).toBe(usage['total_tokens']);
  });
});
