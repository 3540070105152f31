/** Nano-dollars are shown exactly. */
import { expect, test } from 'vitest';
import { dollarsOf } from './dollars.ts';

test.each([
  [1n, '$0.000000001'],
  [1_500_000_000n, '$1.50'],
  [-20_000_000n, '-$0.02'],
  [0n, '$0.00'],
])('%s is shown as %s', (nanos, text) => expect(dollarsOf(nanos)).toBe(text));
