/** What the core has drawn stays as it is. */
import { expect, test } from 'vitest';
import { asked, bound, chain, chiSquare, seeded, shuffled, targets } from '../rig.test.kit.ts';
import { weighted } from './weighted.ts';

const random = seeded(3);

test('weighted leaves the order by chance that the core gives', () => {
  const list = shuffled(targets(5), random);
  expect(chain(weighted).order(list, asked())).toBe(list);
});

test('where nothing was drawn, each is first as often as its weight says', () => {
  const list = targets(4, (number) => ({ weight: number - 1 }));
  const counts = [0, 0, 0];
  const strategy = chain(weighted);
  for (let round = 0; round < 6000; round++) {
    const at = Number(strategy.first(list, asked(), false)?.model) - 2;
    counts[at] = (counts[at] as number) + 1;
  }
  expect(chiSquare(counts, [1000, 2000, 3000])).toBeLessThan(bound(3));
});
