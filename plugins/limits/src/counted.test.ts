/** What limits reserve and settle. */
import { NO_USAGE, type AttemptOutcome, type Exchange } from '@gatewright/core';
import { expect, test } from 'vitest';
import { actualOf, amountOf, estimate, grownTo } from './counted.ts';

const exchange = (size: object): Exchange => ({ size: () => size }) as Partial<Exchange> as Exchange;
const outcome: AttemptOutcome = { result: 'success', status: 200, usageComplete: true, duration: 1 };
const SIZE = { input: 100, output: 900 };
const usage = { ...NO_USAGE, input: 10, cacheRead: 5, output: 3, reasoning: 2 };

test.each([
  [{ bytes: 401 }, undefined, undefined, { input: 101, output: 1000, guessed: false, most: Infinity }],
  [{ bytes: 400, maxOutput: 50 }, undefined, undefined, { input: 100, output: 50, guessed: false, most: 50 }],
  [{ bytes: 400, maxOutput: 50, candidates: 3 }, undefined, undefined, { input: 100, output: 150, most: 150 }],
  [{ bytes: 400 }, 70, undefined, { input: 100, output: 70, guessed: false, most: 70 }],
  [{ bytes: 400 }, undefined, 30, { input: 100, output: 30, guessed: true, most: Infinity }],
  [{ bytes: 400, maxOutput: 50, candidates: 2 }, undefined, 30, { input: 100, output: 60, guessed: true, most: 100 }],
  [{ bytes: 400, maxOutput: 50 }, undefined, 80, { input: 100, output: 50, guessed: false, most: 50 }],
])('%j, clamped to %j, where %j is usual, is estimated at %j', (size, clamp, usual, expected) => {
  expect(estimate(exchange(size), 1000, clamp, usual)).toMatchObject(expected);
});

test('a reservation grows with what is expected, up to the maximum', () => {
  const sized = { input: 100, output: 30, guessed: true, most: 100 };
  expect([grownTo('tokens', sized, 60), grownTo('output-tokens', sized, 500)]).toEqual([160n, 100n]);
});

test('each unit reserves its own part of the estimate', () => {
  const sized = { input: 100, output: 50 };
  expect(
    (['tokens', 'input-tokens', 'output-tokens', 'requests', 'concurrent'] as const).map((unit) =>
      amountOf(unit, sized),
    ),
  ).toEqual([150n, 100n, 50n, 1n, 1n]);
});

test('tokens are settled as they were used, and not at all where nothing was', () => {
  const used = (['tokens', 'input-tokens', 'output-tokens'] as const).map((unit) =>
    actualOf(unit, SIZE)?.({ ...outcome, usage }),
  );
  expect(used).toEqual([20n, 15n, 5n]);
  expect(actualOf('tokens', SIZE)?.({ ...outcome, result: 'error' })).toBe(0n);
  expect(actualOf('requests', SIZE)).toBeUndefined();
});

test('what is assumed of a client that left is what was reserved', () => {
  const gone = { ...outcome, result: 'client-gone', assumed: true, produced: 7 } as const;
  const used = (['tokens', 'input-tokens', 'output-tokens'] as const).map((unit) => actualOf(unit, SIZE)?.(gone));
  expect(used).toEqual([1000n, 100n, 900n]);
});

test('a stream that was cut is settled at its input and what it had produced', () => {
  const cut = { ...outcome, result: 'client-gone', produced: 7 } as const;
  const used = (['tokens', 'input-tokens', 'output-tokens'] as const).map((unit) => actualOf(unit, SIZE)?.(cut));
  expect(used).toEqual([107n, 100n, 7n]);
});
