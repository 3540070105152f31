import { expect, test } from 'vitest';
import { atRandom, EVERY_BYTE, WHOLE } from './replay.ts';

test('cuts are where they should be', () => {
  expect(WHOLE(4)).toEqual([]);
  expect(EVERY_BYTE(4)).toEqual([1, 2, 3]);
  expect(EVERY_BYTE(0)).toEqual([]);
});

test('chance is the same for the same seed, and never beyond the end', () => {
  expect(atRandom(7)(1000)).toEqual(atRandom(7)(1000));
  expect(atRandom(7)(1000)).not.toEqual(atRandom(8)(1000));
  const cuts = atRandom(7)(1000);
  expect(cuts.length).toBeGreaterThan(10);
  expect(cuts.every((cut, index) => cut > (cuts[index - 1] ?? 0) && cut < 1000)).toBe(true);
});
