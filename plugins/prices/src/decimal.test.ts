/** Figures become integers exactly, or not at all. */
import { expect, test } from 'vitest';
import { ceilDivide, scaled, scaledNumber } from './decimal.ts';

test.each([
  ['0', 6, 0n],
  ['2.5', 6, 2_500_000n],
  ['0.000001', 6, 1n],
  ['15', 6, 15_000_000n],
  ['0.1500000000', 6, 150_000n],
  ['007.50', 6, 7_500_000n],
  ['12', 9, 12_000_000_000n],
  ['999999999999.999999', 6, 999_999_999_999_999_999n],
])('%s with %i places is %s', (text, places, integer) => {
  expect(scaled(text, places)).toBe(integer);
});

test.each(['', '.5', '5.', '-1', '+1', '1e3', '1,5', ' 1', '0x10', 'NaN', '0.0000001', '1.0000005', '9999999999999'])(
  'refuses "%s"',
  (text) => {
    expect(scaled(text, 6)).toBeUndefined();
  },
);

test.each([
  [0.1, 100_000n],
  [0.3, 300_000n],
  [3.75, 3_750_000n],
  [0.003625, 3_625n],
  [0, 0n],
  [600, 600_000_000n],
  // As they stand in the catalogue: a binary tail, and a twelfth.
  [0.18000000000000002, 180_000n],
  [0.08333333333333334, 83_334n],
  // Smaller than a pico-dollar is still not free.
  [1e-7, 1n],
  [1.5e-7, 1n],
])('the number %d is %s pico-dollars per token', (figure, integer) => {
  expect(scaledNumber(figure, 6)).toBe(integer);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1e12])('the number %d is no price', (figure) => {
  expect(() => scaledNumber(figure, 6)).toThrow('is not a price');
});

test('division rounds up, and only where something is left', () => {
  expect([0n, 1n, 999n, 1000n, 1001n].map((value) => ceilDivide(value, 1000n))).toEqual([0n, 1n, 1n, 1n, 2n]);
});
