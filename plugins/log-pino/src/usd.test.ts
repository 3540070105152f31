/** Amounts are written exactly. */
import { expect, test } from 'vitest';
import { usd } from './usd.ts';

test.each([
  [0n, '0'],
  [1n, '0.000000001'],
  [7_750_000n, '0.00775'],
  [1_000_000_000n, '1'],
  [1_500_000_000n, '1.5'],
  [123_456_789_012_345_678_901n, '123456789012.345678901'],
  [-1_500_000_000n, '-1.5'],
  [-1n, '-0.000000001'],
])('%s nano-dollars are %s', (nanos, text) => {
  expect(usd(nanos)).toBe(text);
});
