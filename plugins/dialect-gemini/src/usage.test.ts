/** Token counts in disjoint classes. */
import { inputTokens, NO_USAGE, outputTokens, type Usage } from '@gatewright/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUsage, encodeUsage } from './usage.ts';

const read = (metadata: object): Usage => decodeUsage(metadata) as Usage;

test('what came from the cache, sound and images are taken out of the prompt; thoughts stand beside', () => {
  const metadata = {
    promptTokenCount: 1000,
    cachedContentTokenCount: 400,
    candidatesTokenCount: 50,
    thoughtsTokenCount: 20,
    toolUsePromptTokenCount: 7,
    totalTokenCount: 1077,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 500 },
      { modality: 'AUDIO', tokenCount: 300 },
      { modality: 'IMAGE', tokenCount: 200 },
    ],
    cacheTokensDetails: [
      { modality: 'TEXT', tokenCount: 300 },
      { modality: 'AUDIO', tokenCount: 100 },
    ],
    candidatesTokensDetails: [
      { modality: 'TEXT', tokenCount: 30 },
      { modality: 'AUDIO', tokenCount: 20 },
    ],
  };
  expect(read(metadata)).toEqual({
    ...NO_USAGE,
    input: 207,
    cacheRead: 400,
    audioInput: 200,
    imageInput: 200,
    output: 30,
    audioOutput: 20,
    reasoning: 20,
    raw: { dialect: 'gemini-generate', value: metadata },
  });
  expect(inputTokens(read(metadata)) + outputTokens(read(metadata))).toBe(1077);
});

test('thoughts that the answer is said to include are counted once', () => {
  const metadata = { promptTokenCount: 10, candidatesTokenCount: 50, thoughtsTokenCount: 20, totalTokenCount: 60 };
  expect(read(metadata)).toMatchObject({ output: 30, reasoning: 20 });
});

test('no block is no usage, an empty one counts nothing', () => {
  expect(decodeUsage(undefined)).toBeUndefined();
  expect(read({ trafficType: 'ON_DEMAND' })).toMatchObject(NO_USAGE);
});

test('no class is negative, whatever is told', () => {
  const count = fc.option(fc.integer({ min: -5, max: 100 }), { nil: undefined });
  const details = fc.array(fc.record({ modality: fc.constantFrom('TEXT', 'AUDIO', 'IMAGE'), tokenCount: count }));
  const metadata = fc.record({
    promptTokenCount: count,
    cachedContentTokenCount: count,
    candidatesTokenCount: count,
    thoughtsTokenCount: count,
    totalTokenCount: count,
    promptTokensDetails: details,
    cacheTokensDetails: details,
    candidatesTokensDetails: details,
  });
  fc.assert(
    fc.property(metadata, (value) => {
      const { raw: _raw, ...counts } = read(value);
      for (const tokens of Object.values(counts)) expect(tokens).toBeGreaterThanOrEqual(0);
      expect(inputTokens(counts)).toBe(Math.max(0, value.promptTokenCount ?? 0));
    }),
  );
});

test("another's usage is written with the same totals; this dialect's own as it was", () => {
  const foreign: Usage = {
    ...NO_USAGE,
    input: 10,
    cacheRead: 5,
    cacheWrite5m: 2,
    audioInput: 3,
    output: 4,
    reasoning: 6,
  };
  const written = encodeUsage(foreign);
  expect(written).toMatchObject({ promptTokenCount: 20, candidatesTokenCount: 4, totalTokenCount: 30 });
  const { raw: _raw, ...again } = read(written);
  expect(again).toEqual({ ...foreign, input: 12, cacheWrite5m: 0 });
  const value = { promptTokenCount: 1, odd: true };
  expect(encodeUsage(read(value))).toBe(value);
});
