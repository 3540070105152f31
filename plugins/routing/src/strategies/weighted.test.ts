/** What the core has drawn stays as it is. */
import { expect, test } from 'vitest';
import { asked, seeded, shuffled, targets } from '../rig.test.kit.ts';
import { weighted } from './weighted.ts';

const random = seeded(3);

test('weighted leaves the order by chance that the core gives', () => {
  const list = shuffled(targets(5), random);
  expect(weighted.order(list, asked())).toBe(list);
});
