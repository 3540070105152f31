/** Calls fail as often as they should, each kind for itself. */
import { expect, test } from 'vitest';
import { FlakyMemory } from './flaky-memory.ts';

test('so many failures, one success, and so on', () => {
  const memory = new FlakyMemory();
  const seen = Array.from({ length: 7 }, () => memory.fails('a', 2));
  expect(seen).toEqual([true, true, false, true, true, false, true]);
});

test('kinds do not count for each other', () => {
  const memory = new FlakyMemory();
  expect([memory.fails('a', 1), memory.fails('b', 1), memory.fails('a', 1)]).toEqual([true, true, false]);
});

test('zero failures never fail', () => {
  expect(new FlakyMemory().fails('a', 0)).toBe(false);
});

test('the oldest kind is forgotten when there are too many', () => {
  const memory = new FlakyMemory();
  for (let n = 0; n <= 1000; n++) memory.fails(`kind ${n}`, 1);
  expect([memory.fails('kind 1000', 1), memory.fails('kind 0', 1)]).toEqual([false, true]);
});
