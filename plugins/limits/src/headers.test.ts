/** The headers tell of the limit that is nearest, in OpenAI's form. */
import type { Clock, Exchange, Slot } from '@gatewright/core';
import { expect, test } from 'vitest';
import type { Unit } from './counted.ts';
import { duration, RateLimitHeaders, type Nearest } from './headers.ts';

test.each([
  [0, '0s'],
  [-5, '0s'],
  [1500, '1.5s'],
  [61_000, '1m1s'],
  [3_600_000, '1h0m0s'],
  [3_723_500, '1h2m3.5s'],
])('%d milliseconds are %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

test('of several limits of one kind the nearest is told, and never less than nothing is left', () => {
  const headers: Record<string, string> = {};
  const exchange = { setReplyHeader: (name: string, value: string) => (headers[name] = value) } as Partial<Exchange>;
  const told = tellerOf(1000);
  const tell = (unit: Unit, limit: bigint, spent: bigint): void =>
    told.of(unit, limit)?.({ limit, spent, reserved: 1n, resetsAt: 61_000 }, exchange as Exchange);
  tell('requests', 100n, 10n);
  tell('requests', 5000n, 10n);
  tell('tokens', 10n, 30n);
  tell('concurrent', 1n, 0n);
  expect(headers).toEqual({
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': '89',
    'x-ratelimit-reset-requests': '1m0s',
    'x-ratelimit-limit-tokens': '10',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '1m0s',
  });
});

test('what an allowance grants is told with the limit, and a merged claim with the lower one', () => {
  const said: string[] = [];
  const exchange = { setReplyHeader: (_name: string, value: string) => said.push(value) } as Partial<Exchange>;
  const tell = tellerOf(0).of('requests', 100n);
  tell?.({ spent: 1n, reserved: 1n }, exchange as Exchange);
  tell?.({ limit: 50n, spent: 1n, reserved: 1n, resetsAt: 1000 }, exchange as Exchange);
  tell?.({ limit: 50n, spent: 2n, reserved: 1n, resetsAt: 2000 }, exchange as Exchange);
  expect(said).toEqual(['100', '98', '50', '48', '1s', '50', '47', '2s']);
});

/** For one exchange. */
function tellerOf(now: number): RateLimitHeaders {
  let kept: Nearest | undefined;
  const slot: Slot<Nearest> = { get: () => kept, set: (_exchange, value) => (kept = value) };
  return new RateLimitHeaders(slot, { now: () => now } as Clock);
}
