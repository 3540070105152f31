/** Dollars become nano-dollars exactly, or not at all. */
import { expect, test } from 'vitest';
import { dollarsOf, nanosOf } from './money.ts';

test.each([
  [1, 1_000_000_000n],
  ['1', 1_000_000_000n],
  [0.1, 100_000_000n],
  ['0.000000001', 1n],
  [1e-7, 100n],
  [0, 0n],
  ['123456789012.123456789', 123_456_789_012_123_456_789n],
])('%j', (dollars, nanos) => expect(nanosOf(dollars)).toBe(nanos));

test.each(['', '-1', '1.', '.5', '1e3', '0.0000000001', '$1', '1,000', Number.NaN, Infinity, -0.5])(
  '%j is no amount',
  (text) => {
    expect(nanosOf(text)).toBeUndefined();
  },
);

test.each([
  [1n, '$0.000000001'],
  [1_500_000_000n, '$1.50'],
  [-20_000_000n, '-$0.02'],
  [0n, '$0.00'],
])('%s is shown as %s', (nanos, text) => expect(dollarsOf(nanos)).toBe(text));
