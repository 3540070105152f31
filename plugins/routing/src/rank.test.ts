/** Ranking, beside a plain stable sort. */
import { expect, test } from 'vitest';
import { ranked } from './rank.ts';
import { seeded } from './rig.test.kit.ts';

/** What it must come to: a stable sort with a comparator. */
function reference(scores: readonly number[]): number[] {
  const places = scores.map((_, place) => place);
  const of = (place: number): number => scores[place] as number;
  return places.toSorted((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : a - b));
}

const random = seeded(7);
const KINDS: readonly [what: string, score: () => number][] = [
  ['anything', () => random() * 1000 - 500],
  ['few different ones', () => Math.floor(random() * 4)],
  ['some without an end', () => (random() < 0.3 ? Infinity : random())],
  ['very large and very small', () => 10 ** Math.floor(random() * 9)],
  ['all without an end', () => Infinity],
];

test.each(KINDS)('scores of %s', (_what, score) => {
  for (const length of [0, 1, 2, 3, 10, 100, 1024, 1500]) {
    const scores = Array.from({ length }, score);
    const places = scores.map((_, place) => place);
    expect(ranked(places, Float64Array.from(scores)), String(length)).toEqual(reference(scores));
  }
});

test('what is in order already is the very same list', () => {
  const items = ['a', 'b', 'c'];
  expect(ranked(items, Float64Array.of(1, 1, 2))).toBe(items);
});
