/** Lengths of time, and what is none. */
import { expect, test } from 'vitest';
import { durationOf } from './duration.ts';

test.each([
  ['30s', 30_000],
  ['15m', 900_000],
  ['6h', 21_600_000],
  ['1d', 86_400_000],
  ['2w', 1_209_600_000],
])('%s is %d milliseconds', (text, milliseconds) => expect(durationOf(text)).toBe(milliseconds));

test.each(['', '30', 's', '0s', '-1s', '1.5h', '1 d', '1mo', '1y', '9999999s', '1D'])('%j is none', (text) => {
  expect(durationOf(text)).toBeUndefined();
});
