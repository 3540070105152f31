/** Costs of targets, each worked out by hand. */
import { NO_USAGE, type Logger, type Target, type Usage } from '@gatewright/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { options } from './options.ts';
import { PriceList } from './price-list.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

function target(id: string): Target {
  const [provider = '', ...model] = id.split('/');
  return { id, provider, model: model.join('/') } as Partial<Target> as Target;
}

function list(given: z.input<typeof options> = {}): { prices: PriceList; warnings: string[] } {
  const warnings: string[] = [];
  const log = { warn: (message: string) => warnings.push(message) } as unknown as Logger;
  return { prices: new PriceList(options.parse(given), log), warnings };
}

function nanos(id: string, usage: Partial<Usage>, time = NOW, given: z.input<typeof options> = {}): bigint | undefined {
  return list(given).prices.cost(target(id), { ...NO_USAGE, ...usage }, time)?.nanos;
}

test('gpt-4o: 1,000 in, 200 from the cache, 500 out', () => {
  // 1000 × $2.50/M + 200 × $1.25/M + 500 × $10/M = 0.0025 + 0.00025 + 0.005
  expect(
    list().prices.cost(target('openai/gpt-4o'), { ...NO_USAGE, input: 1000, cacheRead: 200, output: 500 }, NOW),
  ).toEqual({
    nanos: 7_750_000n,
    inputNanos: 2_750_000n,
    outputNanos: 5_000_000n,
    price: 'genai-prices openai/gpt-4o',
  });
});

test('claude-opus-5: cache writes for five minutes and for an hour, reasoning at the price of output', () => {
  // 100 × $5 + 1000 × $0.50 + 2000 × $6.25 + 3000 × $10 + (50 + 450) × $25, all per million
  const usage = { input: 100, cacheRead: 1000, cacheWrite5m: 2000, cacheWrite1h: 3000, output: 50, reasoning: 450 };
  expect(nanos('anthropic/claude-opus-5', usage)).toBe(500_000n + 500_000n + 12_500_000n + 30_000_000n + 12_500_000n);
});

test('gpt-audio: sound has prices of its own, in and out', () => {
  // 10 × $2.50 + 100 × $32 + 20 × $10 + 200 × $64, all per million
  expect(nanos('openai/gpt-audio', { input: 10, audioInput: 100, output: 20, audioOutput: 200 })).toBe(
    25_000n + 3_200_000n + 200_000n + 12_800_000n,
  );
});

test('gemini-2.5-pro: above 200,000 input tokens everything costs more', () => {
  expect(nanos('google/gemini-2.5-pro', { input: 200_000, output: 1000 })).toBe(250_000_000n + 10_000_000n);
  expect(nanos('google/gemini-2.5-pro', { input: 200_001, output: 1000 })).toBe(500_002_500n + 15_000_000n);
  // Cached tokens count towards the 200,000: 100,000 × $2.50 + 100,001 × $0.25
  expect(nanos('google/gemini-2.5-pro', { input: 100_000, cacheRead: 100_001 })).toBe(250_000_000n + 25_000_250n);
});

test('deepseek-chat: the price depends on the time of day', () => {
  const usage = { input: 1_000_000, output: 1_000_000 };
  const at = (clock: string): bigint | undefined =>
    nanos('deepseek/deepseek-chat', usage, Date.parse(`2025-05-05T${clock}Z`));
  const [off, peak] = [685_000_000n, 1_370_000_000n];
  expect([at('00:29:59.999'), at('00:30:00'), at('16:29:59.999'), at('16:30:00')]).toEqual([off, peak, peak, off]);
});

test('claude-opus-4-6: the tier is gone from the day that it was dropped', () => {
  const usage = { input: 300_000 };
  expect(nanos('anthropic/claude-opus-4-6', usage, Date.parse('2026-03-12T23:59:59.999Z'))).toBe(3_000_000_000n);
  expect(nanos('anthropic/claude-opus-4-6', usage, Date.parse('2026-03-13T00:00:00Z'))).toBe(1_500_000_000n);
});

test('perplexity sonar: the request has a price too, which is in the whole and in no part', () => {
  // $12 per thousand requests, and 100 tokens at $1/M
  expect(list().prices.cost(target('perplexity/sonar'), { ...NO_USAGE, input: 60, output: 40 }, NOW)).toMatchObject({
    nanos: 12_100_000n,
    inputNanos: 60_000n,
    outputNanos: 40_000n,
  });
});

test('a fraction of a nano-dollar is rounded up, once', () => {
  const given = { overrides: [{ model: 'm', input: '0.0001', output: '0.0001' }] };
  // 100 pico-dollars a token: two classes of 1 token are 200 pico-dollars, which is one nano-dollar and not two.
  expect(list(given).prices.cost(target('house/m'), { ...NO_USAGE, input: 1, output: 1 }, NOW)).toMatchObject({
    nanos: 1n,
    inputNanos: 1n,
    outputNanos: 0n,
  });
  expect(nanos('house/m', { input: 10 }, NOW, given)).toBe(1n);
  expect(nanos('house/m', { input: 11 }, NOW, given)).toBe(2n);
  expect(nanos('house/m', {}, NOW, given)).toBe(0n);
});

test('for any usage and price: the whole is the exact sum rounded up, and the parts add up to it', () => {
  const price = fc.bigInt({ min: 0n, max: 10n ** 9n });
  const text = (picos: bigint): string => `${picos / 1_000_000n}.${String(picos % 1_000_000n).padStart(6, '0')}`;
  const count = fc.integer({ min: 0, max: 5_000_000 });
  fc.assert(
    fc.property(price, price, price, count, count, count, (input, output, cacheRead, a, b, c) => {
      const given = {
        overrides: [{ model: '*', input: text(input), output: text(output), cacheRead: text(cacheRead) }],
      };
      const usage = { ...NO_USAGE, input: a, output: b, cacheRead: c };
      const cost = list(given).prices.cost(target('any/thing'), usage, NOW);
      const exact = input * BigInt(a) + output * BigInt(b) + cacheRead * BigInt(c);
      expect((cost?.nanos ?? -1n) * 1000n - exact).toBeGreaterThanOrEqual(0n);
      expect((cost?.nanos ?? -1n) * 1000n - exact).toBeLessThan(1000n);
      expect((cost?.inputNanos ?? -1n) + (cost?.outputNanos ?? -1n)).toBe(cost?.nanos);
      expect(cost?.inputNanos).toBeGreaterThanOrEqual(0n);
      expect(cost?.outputNanos).toBeGreaterThanOrEqual(0n);
    }),
  );
});

test('an override wins over the catalogue and over free, and the first that matches is the price', () => {
  const given = {
    overrides: [
      { provider: 'azure-*', model: 'gpt-4o', input: '9', output: '9' },
      { provider: 'openai', model: 'gpt-4o*', input: '1', output: '2' },
      { model: '*', input: '5', output: '5' },
    ],
    free: ['openai/*'],
  };
  const { prices } = list(given);
  const price = (id: string): string | undefined => prices.cost(target(id), { ...NO_USAGE, input: 1000 }, NOW)?.price;
  expect(price('openai/gpt-4o-mini')).toBe('config overrides[1]');
  expect(price('azure-eu/gpt-4o')).toBe('config overrides[0]');
  expect(price('openai/gpt-5')).toBe('config overrides[2]');
  expect(nanos('openai/gpt-4o', { input: 1000, output: 1000 }, NOW, given)).toBe(1_000_000n + 2_000_000n);
});

test('classes that an override leaves out cost what their nearest relative costs', () => {
  const million = (name: keyof Usage): Partial<Usage> => ({ [name]: 1_000_000 });
  const sparse = { overrides: [{ model: 'm', input: '1', output: '2' }] };
  const dollars = (name: keyof Usage, given: z.input<typeof options>): bigint | undefined => {
    const cost = nanos('house/m', million(name), NOW, given);
    return cost === undefined ? undefined : cost / 1_000_000_000n;
  };
  const inputs = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'audioInput', 'imageInput'] as const;
  expect(inputs.map((name) => dollars(name, sparse))).toEqual([1n, 1n, 1n, 1n, 1n, 1n]);
  expect((['output', 'reasoning', 'audioOutput'] as const).map((name) => dollars(name, sparse))).toEqual([2n, 2n, 2n]);

  const whole = { ...sparse.overrides[0], model: 'm', input: '1', output: '7', cacheRead: '2', cacheWrite5m: '3' };
  const rich = { overrides: [{ ...whole, audioInput: '5', imageInput: '6', reasoning: '8', audioOutput: '9' }] };
  expect(inputs.map((name) => dollars(name, rich))).toEqual([1n, 2n, 3n, 3n, 5n, 6n]);
  expect((['output', 'reasoning', 'audioOutput'] as const).map((name) => dollars(name, rich))).toEqual([7n, 8n, 9n]);
  expect(dollars('cacheWrite1h', { overrides: [{ ...whole, cacheWrite1h: '4' }] })).toBe(4n);
});

test('free is a price, and it is zero', () => {
  const { prices, warnings } = list({ free: ['simulated/*', 'house/tiny'] });
  const usage = { ...NO_USAGE, input: 1_000_000, output: 1_000_000 };
  expect(prices.priced(target('simulated/anything'), NOW)).toBe(true);
  expect(prices.cost(target('simulated/anything'), usage, NOW)).toEqual({
    nanos: 0n,
    inputNanos: 0n,
    outputNanos: 0n,
    price: 'config free[0]',
  });
  expect(prices.cost(target('house/tiny'), usage, NOW)?.price).toBe('config free[1]');
  expect(prices.cost(target('house/tiny-2'), usage, NOW)).toBeUndefined();
  expect(warnings).toHaveLength(1);
});

test('a provider instance can be said to be one of the catalogue', () => {
  const given = { providers: { 'openai-eu': 'openai', openai: 'azure' } };
  expect(nanos('openai-eu/gpt-4o', { input: 1000 })).toBeUndefined();
  expect(nanos('openai-eu/gpt-4o', { input: 1000 }, NOW, given)).toBe(2_500_000n);
  expect(list(given).prices.cost(target('openai/gpt-5'), NO_USAGE, NOW)?.price).toBe('genai-prices azure/gpt-5');
  expect(nanos('constructor/gpt-4o', { input: 1000 }, NOW, given)).toBeUndefined();
});

test.each([
  ['vertex/gemini-2.5-pro', 'genai-prices google/gemini-2.5-pro'],
  ['vertex/claude-sonnet-4-5@20250929', 'genai-prices google/claude-sonnet-4-5'],
  ['gemini/gemini-2.5-pro', 'genai-prices google/gemini-2.5-pro'],
  ['bedrock/us.amazon.nova-pro-v1:0', 'genai-prices aws/amazon.nova-pro-v1:0'],
  ['azure-openai/gpt-4.1', 'genai-prices azure/gpt-4.1'],
  ['mistral/magistral-medium-2507', 'genai-prices mistral/magistral-medium'],
])('%s is %s, without being told', (id, price) => {
  expect(list().prices.cost(target(id), NO_USAGE, NOW)?.price).toBe(price);
  expect(
    list({ providers: { [id.split('/')[0] ?? '']: 'openai' } }).prices.cost(target(id), NO_USAGE, NOW)?.price,
  ).not.toBe(price);
});

test('a target without a price is said once, with what is missing and what to do', () => {
  const { prices, warnings } = list();
  const [first, again, other] = [target('openai/gpt-99'), target('openai/gpt-99'), target('house/llama')];
  for (const each of [first, first, again, other])
    expect(prices.cost(each, { ...NO_USAGE, input: 1 }, NOW)).toBeUndefined();
  expect(prices.priced(first, NOW)).toBe(false);
  expect(warnings).toEqual([
    expect.stringMatching(/No price is known for openai\/gpt-99: .*"openai" has no price per token for "gpt-99"/),
    expect.stringMatching(/No price is known for house\/llama: the catalogue has no provider "house"/),
  ]);
  expect(warnings.every((text) => text.includes('"overrides"') && text.includes('counted nowhere'))).toBe(true);
});

test('is silent where the configuration says so', () => {
  const { prices, warnings } = list({ unpriced: 'ignore' });
  expect(prices.cost(target('house/llama'), { ...NO_USAGE, input: 1 }, NOW)).toBeUndefined();
  expect(warnings).toEqual([]);
});

test('says once that a class has no price, and counts the others', () => {
  const { prices, warnings } = list();
  const embedding = target('openai/text-embedding-3-small');
  for (let round = 0; round < 3; round++) {
    expect(prices.cost(embedding, { ...NO_USAGE, input: 1000, output: 5 }, NOW)?.nanos).toBe(20_000n);
  }
  expect(warnings).toEqual([expect.stringContaining('no price for what is counted as "output"')]);
});

test('knows no cost for a usage that is none, and says so once', () => {
  const { prices, warnings } = list();
  const gpt = target('openai/gpt-4o');
  for (const input of [Number.NaN, -5, 0.5]) expect(prices.cost(gpt, { ...NO_USAGE, input }, NOW)).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining('openai/gpt-4o reported has a count that is none')]);
});

test('gpt-image-1: text and images in, images out', () => {
  // 50 × $5 + 100 × $10 + 1000 × $40, all per million
  expect(nanos('openai/gpt-image-1', { input: 50, imageInput: 100, imageOutput: 1000 })).toBe(
    250_000n + 1_000_000n + 40_000_000n,
  );
});

test('whisper-1: half a minute of sound at $0.36 an hour', () => {
  expect(nanos('openai/whisper-1', { units: { seconds: 30 } })).toBe(3_000_000n);
});

test('searches, images, sound and characters have the prices of the configuration', () => {
  const override = {
    model: '*',
    input: '0',
    output: '0',
    search: '2',
    webSearch: '10',
    image: '0.04',
    audioMinute: '0.006',
    character: '15',
  };
  const cost = (units: Usage['units'] & object) => nanos('house/x', { units }, NOW, { overrides: [override] });
  expect(cost({ searches: 3 })).toBe(6_000_000n);
  expect(cost({ webSearches: 2 })).toBe(20_000_000n);
  expect(cost({ images: 2 })).toBe(80_000_000n);
  expect(cost({ seconds: 60 })).toBe(6_000_000n);
  expect(cost({ characters: 1000 })).toBe(15_000_000n);
});

test('says that a unit has no price', () => {
  const { prices, warnings } = list();
  expect(prices.cost(target('openai/gpt-4o'), { ...NO_USAGE, units: { images: 1 } }, NOW)?.nanos).toBe(0n);
  expect(warnings).toEqual([expect.stringContaining('counted as "images"')]);
});

test('what is free is free in every unit', () => {
  const units = { searches: 1, webSearches: 1, images: 1, seconds: 1, characters: 1 };
  const { prices, warnings } = list({ free: ['house/*'] });
  expect(prices.cost(target('house/x'), { ...NO_USAGE, units }, NOW)?.nanos).toBe(0n);
  expect(warnings).toEqual([]);
});

test('the most that tokens can cost is that of the dearest class; what is free costs nothing, what is unpriced is not known', () => {
  const { prices } = list();
  // claude-opus-5: the dearest input is a cache write for an hour, $10/M; output is $25/M.
  expect(prices.bound(target('anthropic/claude-opus-5'), { input: 1000, output: 100 }, NOW)).toBe(12_500_000n);
  const { prices: free } = list({ free: ['simulated/*'] });
  expect(free.bound(target('simulated/anything'), { input: 1000, output: 100 }, NOW)).toBe(0n);
  expect(prices.bound(target('nobody/knows'), { input: 1, output: 1 }, NOW)).toBeUndefined();
});

test('describes a model: its name, what fits into it, and what each class costs', () => {
  const { prices } = list();
  expect(prices.describe(target('openai/gpt-4o'), NOW)).toEqual({
    displayName: 'gpt 4o',
    contextWindow: 128_000,
    price: { input: '2.5', cacheRead: '1.25', output: '10' },
  });
  expect(prices.describe(target('openai/text-embedding-3-small'), NOW)?.price).toEqual({ input: '0.02' });
});

test('describes a model with a price of the configuration, and one that nobody knows', () => {
  const { prices } = list({ overrides: [{ model: 'gpt-4o', input: '0.000001', output: '1' }] });
  expect(prices.describe(target('openai/gpt-4o'), NOW)).toMatchObject({
    contextWindow: 128_000,
    price: { input: '0.000001', output: '1' },
  });
  expect(prices.describe(target('house/llama'), NOW)).toEqual({});
});
