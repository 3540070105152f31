/** What is read out of the catalogue is what the catalogue's own calculation says, for every model in it. */
import { NO_USAGE, type Usage } from '@gatewright/core';
import { calcPrice, waitForUpdate, type ModelInfo, type Provider } from '@pydantic/genai-prices';
import { expect, test, vi } from 'vitest';
import { CATALOGUE_PROVIDERS } from './catalogue-providers.ts';
import { dropCatalogue, isCatalogued, lookUp } from './catalogue.ts';
import { charge } from './rates.ts';

const USAGES: readonly Usage[] = [
  { ...NO_USAGE, input: 1234, output: 567 },
  { ...NO_USAGE, input: 10, cacheRead: 90_000, cacheWrite5m: 4_000, cacheWrite1h: 3_000, output: 100, reasoning: 900 },
  { ...NO_USAGE, input: 150_000, cacheRead: 50_000, output: 8_000 },
  { ...NO_USAGE, input: 150_000, cacheRead: 50_001, output: 8_000 },
  { ...NO_USAGE, input: 1_000_000, output: 64_000 },
  { ...NO_USAGE, input: 300, audioInput: 2_000, imageInput: 1_000, output: 50, audioOutput: 700 },
];

const TIMES = ['2024-01-01T00:00:00Z', '2026-08-16T23:59:59.999Z', '2026-08-17T00:00:00Z', '2026-11-20T00:29:59.999Z']
  .concat(['2026-11-20T00:30:00Z', '2026-11-20T03:59:59Z', '2026-11-20T04:00:00Z', '2026-11-20T09:00:00Z'])
  .concat(['2026-11-20T16:29:59Z', '2026-11-20T16:30:00Z', '2027-01-01T00:00:00Z', '2030-06-01T12:00:00Z'])
  .map((text) => Date.parse(text));

/** The same usage in the catalogue's terms, in which the totals hold all of their parts. */
function theirs(usage: Usage): Record<string, number> {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, imageInput, output, reasoning, audioOutput } =
    usage;
  return {
    input_tokens: input + cacheRead + cacheWrite5m + cacheWrite1h + audioInput + imageInput,
    cache_read_tokens: cacheRead,
    cache_write_tokens: cacheWrite5m + cacheWrite1h,
    cache_write_1h_tokens: cacheWrite1h,
    input_audio_tokens: audioInput,
    input_image_tokens: imageInput,
    output_tokens: output + reasoning + audioOutput,
    output_reasoning_tokens: reasoning,
    output_audio_tokens: audioOutput,
  };
}

/** The strings that a model's matcher is made of: with its id, the names it might answer to. */
function stringsIn(match: unknown): string[] {
  if (typeof match === 'string') return [match];
  return typeof match === 'object' && match !== null ? Object.values(match).flatMap(stringsIn) : [];
}

/** A name that leads to this model and not to another that is listed before it. */
function nameOf(provider: Provider, model: ModelInfo): string | undefined {
  const names = [model.id, ...stringsIn(model.match)];
  return names.find((name) => calcPrice({}, name, { providerId: provider.id })?.model === model);
}

/** Equal up to the tail that their floating point leaves. */
function expectClose(picos: bigint | undefined, dollars: number | undefined, what: string, tolerance: number): void {
  const difference = Math.abs(Number(picos) / 1e12 - (dollars ?? Number.NaN));
  expect(difference, what).toBeLessThanOrEqual(tolerance * (dollars ?? 0) + 1e-15);
}

const providers = (await waitForUpdate()) ?? [];

test('the catalogue is there', () => {
  expect(providers.length).toBeGreaterThan(30);
});

test.each(providers.map((provider) => [provider.id, provider] as const))(
  'agrees with %s on every model',
  (id, provider) => {
    // Six of this provider's figures are a twelfth of a dollar, rounded up to a pico-dollar per token.
    const tolerance = id === 'openrouter' ? 1e-5 : 1e-12;
    let named = 0;
    for (const model of provider.models) {
      const name = nameOf(provider, model);
      if (name === undefined) continue;
      named++;
      const listed = lookUp(id, name);
      for (const time of Array.isArray(model.prices) ? TIMES : TIMES.slice(0, 1)) {
        const card = listed?.at(time);
        for (const usage of USAGES) {
          const expected = calcPrice(theirs(usage), name, { providerId: id, timestamp: new Date(time) });
          if (card === undefined) {
            expect(expected?.input_price, name).toBe(0);
            continue;
          }
          const ours = charge(card, usage);
          const request = (expected?.total_price ?? 0) - (expected?.input_price ?? 0) - (expected?.output_price ?? 0);
          expectClose(ours?.input, expected?.input_price, `${name} input`, tolerance);
          expectClose(ours?.output, expected?.output_price, `${name} output`, tolerance);
          expect(Number(ours?.request) / 1e12, `${name} request`).toBeCloseTo(request, 9);
        }
      }
    }
    expect(named).toBeGreaterThanOrEqual(Math.floor(provider.models.length * 0.9));
  },
);

test('the list of providers is that of the catalogue', () => {
  expect([...CATALOGUE_PROVIDERS].toSorted()).toEqual(providers.map(({ id }) => id).toSorted());
});

test('a provider is found by its exact id only', () => {
  expect(isCatalogued('openai')).toBe(true);
  // The catalogue itself would take each of these for a provider that it knows.
  expect(['openai-compatible', 'my-anthropic', 'OpenAI', 'xai', '', '__proto__'].map(isCatalogued)).toEqual(
    Array.from({ length: 6 }, () => false),
  );
  expect(lookUp('openai-compatible', 'gpt-4o')).toBeUndefined();
});

test('names where a price comes from, and finds dated and fallback names as the catalogue does', () => {
  expect(lookUp('openai', 'gpt-4o-2024-08-06')?.name).toBe('genai-prices openai/gpt-4o');
  expect(lookUp('azure', 'gpt-5')?.name).toBe('genai-prices azure/gpt-5');
  expect(lookUp('openai', 'no-such-model')).toBeUndefined();
});

test('a model that is listed without a price per token has none, rather than the price zero', () => {
  expect(lookUp('github-copilot', 'gpt-4.1')).toBeUndefined();
});

test('nothing is sorted in the language of the operator, and everybody else still can', () => {
  const compare = vi.spyOn(String.prototype, 'localeCompare');
  try {
    dropCatalogue();
    expect(lookUp('openai', 'gpt-4o')?.name).toBe('genai-prices openai/gpt-4o');
    expect(compare).not.toHaveBeenCalled();
    expect(String.prototype.localeCompare).toBe(compare);
  } finally {
    compare.mockRestore();
  }
  expect('ä'.localeCompare('z', 'de')).toBeLessThan(0);
});
