/** What was settled is remembered for ten minutes, and no more of it than fits. */
import type { Posting } from '@gatewright/core';
import { expect, test } from 'vitest';
import { Buried } from './buried.ts';

const MINUTE = 60_000;
const BILL: readonly Posting[] = [];

test('an id is remembered for ten minutes at least, and forgotten after twenty', () => {
  const buried = new Buried();
  for (let minute = 0; minute <= 30; minute++) {
    buried.add(`at ${minute}`, minute * MINUTE);
    for (let before = Math.max(0, minute - 10); before <= minute; before++) {
      expect(buried.has(`at ${before}`)).toBe(true);
    }
    if (minute > 20) expect(buried.has(`at ${minute - 21}`)).toBe(false);
  }
});

test('of many at once the last hundred thousand are remembered', () => {
  const buried = new Buried();
  for (let number = 0; number < 300_000; number++) buried.add(`${number}`, 0);
  expect(buried.has('200000')).toBe(true);
  expect(buried.has('99999')).toBe(false);
});

test.each([
  ['with a line end', 'a\nb'],
  ['of other letters', '猫'.repeat(30)],
  ['longer than a page', 'x'.repeat(70_000)],
  ['empty', ''],
])('an id that is %s is remembered, and nothing like it', (_what, id) => {
  const buried = new Buried();
  for (const other of ['before', id, 'behind']) {
    expect(buried.has(other)).toBe(false);
    buried.add(other, 0);
  }
  expect(['before', id, 'behind'].map((one) => buried.has(one))).toEqual([true, true, true]);
  expect(['a', 'b', '猫', 'x'].some((one) => buried.has(one))).toBe(false);
});

test('the bill of a dead owner is there until the bill itself comes, also when the first is not recent', () => {
  const buried = new Buried();
  buried.add('a', 0, BILL);
  buried.add('b', 11 * MINUTE);
  expect(buried.reclaimed('a')).toBe(BILL);
  buried.add('a', 11 * MINUTE);
  expect([buried.has('a'), buried.reclaimed('a')]).toEqual([true, undefined]);
});
