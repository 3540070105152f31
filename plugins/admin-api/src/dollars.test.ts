/** Dollars on the wire come to the same nano-dollars, and back. */
import { expect, test } from 'vitest';
import { dollars, signedDollars, toExact, toNanos, toNumber } from './dollars.ts';

test.each([
  [0.1 + 0.2, 300_000_000n, '0.30'],
  [1e-9, 1n, '0.000000001'],
  [1e-7, 100n, '0.0000001'],
  ['12.000000001', 12_000_000_001n, '12.000000001'],
  [999_999_999, 999_999_999_000_000_000n, '999999999.00'],
  [-0.25, -250_000_000n, '-0.25'],
  ['-0.000000001', -1n, '-0.000000001'],
  [0, 0n, '0.00'],
])('%s', (given, nanos, exact) => {
  expect(toNanos(given)).toBe(nanos);
  expect(toExact(nanos)).toBe(exact);
  expect(toNumber(nanos)).toBeCloseTo(Number(given), 9);
});

test.each([-1, Number.NaN, Infinity, 1e12, '1e3', '1,5', '0.0000000001', '', null])('%s is no budget', (given) => {
  expect(dollars.safeParse(given).success).toBe(false);
});

test.each([-1e12, '--1', '+1', '1.'])('%s is no correction', (given) => {
  expect(signedDollars.safeParse(given).success).toBe(false);
});
