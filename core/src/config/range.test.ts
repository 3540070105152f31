/** Ranges of contract versions. */
import { expect, test } from 'vitest';
import { inRange } from './range.ts';

test.each([
  ['1.0.0', '^1', true],
  ['1.4.2', '^1', true],
  ['1.4.2', '^1.2', true],
  ['1.1.9', '^1.2', false],
  ['2.0.0', '^1', false],
  ['0.2.5', '^0.2', true],
  ['0.3.0', '^0.2', false],
  ['1.2.9', '~1.2', true],
  ['1.3.0', '~1.2', false],
  ['1.2.3', '~1', true],
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '1.2.3', false],
  ['1.2.4', '1.2', true],
  ['1.2.4', '1', true],
  ['2.5.0', '>=1', true],
  ['0.9.0', '>=1.0.0', false],
  ['2.5.0', '>=1 <3', true],
  ['3.0.0', '>=1 <3', false],
  ['2.1.0', '^1 || ^2', true],
  ['3.1.0', '^1 || ^2', false],
])('%s in %s is %s', (version, range, verdict) => {
  expect(inRange(version, range)).toBe(verdict);
});

test.each(['', 'latest', '*', '^', '^1 || x', '1.2.3.4', '>1'])('"%s" cannot be read', (range) => {
  expect(inRange('1.0.0', range)).toBeUndefined();
});
