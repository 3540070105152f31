/** The headers tell of the limit that is nearest, in OpenAI's form. */
import type { Balance, Exchange } from '@gatewright/core';
import { expect, test } from 'vitest';
import { duration, tell, type Nearest } from './headers.ts';

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
  const nearest: Nearest = {};
  const balance = (limit: bigint, spent: bigint): Balance => ({ limit, spent, reserved: 1n, resetsAt: 61_000 });
  tell(exchange as Exchange, nearest, 'requests', balance(100n, 10n), 1000);
  tell(exchange as Exchange, nearest, 'requests', balance(5000n, 10n), 1000);
  tell(exchange as Exchange, nearest, 'tokens', balance(10n, 30n), 1000);
  tell(exchange as Exchange, nearest, 'concurrent', balance(1n, 0n), 1000);
  expect(headers).toEqual({
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': '89',
    'x-ratelimit-reset-requests': '1m0s',
    'x-ratelimit-limit-tokens': '10',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '1m0s',
  });
});
