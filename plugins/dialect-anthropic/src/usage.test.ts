/** Token counts in disjoint classes, and back. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { decodeUsage, encodeFinalUsage, encodeUsage, mergeUsage } from './usage.ts';
import { counts } from './wire.test.kit.ts';

describe('reading', () => {
  test.each<[string, JsonObject, Partial<Usage>]>([
    ['plain', { input_tokens: 10, output_tokens: 5 }, { input: 10, output: 5 }],
    [
      'input without what the cache gave and took',
      {
        input_tokens: 10,
        cache_read_input_tokens: 300,
        cache_creation_input_tokens: 70,
        cache_creation: { ephemeral_5m_input_tokens: 50, ephemeral_1h_input_tokens: 20 },
        output_tokens: 5,
      },
      { input: 10, cacheRead: 300, cacheWrite5m: 50, cacheWrite1h: 20, output: 5 },
    ],
    [
      'writes without their lifetimes',
      { input_tokens: 1, cache_creation_input_tokens: 70, output_tokens: 0 },
      { input: 1, cacheWrite5m: 70 },
    ],
    [
      'writes that grew after the split was told',
      {
        cache_creation_input_tokens: 100,
        cache_creation: { ephemeral_5m_input_tokens: 50, ephemeral_1h_input_tokens: 20 },
      },
      { cacheWrite5m: 80, cacheWrite1h: 20 },
    ],
    [
      'writes of one lifetime that grew',
      {
        cache_creation_input_tokens: 100,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 20 },
      },
      { cacheWrite1h: 100 },
    ],
    [
      'thinking is part of the output',
      { output_tokens: 100, output_tokens_details: { thinking_tokens: 60 } },
      { output: 40, reasoning: 60 },
    ],
    [
      'nulls',
      { input_tokens: 1, output_tokens: 2, cache_creation: null, cache_read_input_tokens: null },
      { input: 1, output: 2 },
    ],
    [
      'a compaction is billed beside the totals, an advisor by another model',
      {
        input_tokens: 612,
        output_tokens: 2819,
        iterations: [
          { type: 'compaction', input_tokens: 60_385, output_tokens: 522, cache_creation_input_tokens: 3 },
          { type: 'advisor_message', input_tokens: 9999, output_tokens: 9999 },
          { type: 'message', input_tokens: 612, output_tokens: 2819 },
        ],
      },
      { input: 60_997, output: 3341, cacheWrite5m: 3 },
    ],
  ])('%s', (_what, usage, expected) => {
    const decoded = decodeUsage(usage);
    expect(counts(decoded)).toEqual({ ...NO_USAGE, ...expected });
    expect(decoded?.raw).toEqual({ dialect: 'anthropic-messages', value: usage });
  });

  test('no usage is none', () => {
    expect([decodeUsage(undefined), decodeUsage(null), decodeUsage('much')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('writing', () => {
  const foreign: Usage = {
    ...NO_USAGE,
    input: 10,
    cacheRead: 20,
    cacheWrite1h: 3,
    audioInput: 4,
    imageInput: 5,
    output: 6,
    reasoning: 7,
    audioOutput: 8,
  };

  test("this dialect's own block is the very same", () => {
    const value = { input_tokens: 1, output_tokens: 2, future: true };
    expect(encodeUsage(decodeUsage(value), undefined)).toBe(value);
  });

  test("another dialect's counts keep their sums", () => {
    const encoded = encodeUsage(foreign, 'priority');
    expect(encoded).toEqual({
      input_tokens: 19,
      cache_creation_input_tokens: 3,
      cache_read_input_tokens: 20,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 3 },
      output_tokens: 21,
      output_tokens_details: { thinking_tokens: 7 },
      service_tier: 'priority',
    });
    const again = decodeUsage(encoded) as Usage;
    expect([inputTokens(again), outputTokens(again)]).toEqual([inputTokens(foreign), outputTokens(foreign)]);
  });

  test.each([
    ['default', 'standard'],
    ['batch', 'batch'],
    ['flex', null],
    [undefined, null],
  ])('the tier %s is %s', (tier, expected) => {
    expect(encodeUsage(undefined, tier)['service_tier']).toBe(expected);
  });

  test('the end of a stream does not repeat what its start told', () => {
    const value = {
      input_tokens: 1,
      output_tokens: 2,
      cache_creation: {},
      service_tier: 'standard',
      inference_geo: 'us',
      speed: 'fast',
      server_tool_use: { web_search_requests: 1 },
    };
    expect(encodeFinalUsage(decodeUsage(value))).toEqual({
      input_tokens: 1,
      output_tokens: 2,
      server_tool_use: { web_search_requests: 1 },
    });
  });
});

test('later usage replaces what it tells', () => {
  const start = { input_tokens: 10, output_tokens: 1, service_tier: 'standard', cache_read_input_tokens: 4 };
  const end = { input_tokens: 12, output_tokens: 90, cache_read_input_tokens: null, iterations: null };
  expect(mergeUsage(start, end)).toEqual({ ...start, input_tokens: 12, output_tokens: 90, iterations: null });
});

test('searches of the web are counted besides the tokens', () => {
  const usage = {
    input_tokens: 5,
    output_tokens: 2,
    server_tool_use: { web_search_requests: 3, web_fetch_requests: 1 },
  };
  expect(decodeUsage(usage)).toMatchObject({ input: 5, output: 2, units: { webSearches: 3 } });
  const none = { ...usage, server_tool_use: { web_search_requests: 0 } };
  expect(decodeUsage(none)?.units).toBeUndefined();
});
