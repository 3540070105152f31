/** Several strategies at once. */
import { expect, test } from 'vitest';
import { asked, ids, seeded, shuffled, target, targets } from '../rig.test.kit.ts';
import { Chain } from './chain.ts';
import { Ordered } from './ordered.ts';
import { Tags } from './tags.ts';

const random = seeded(3);

test('in a chain the first decides, and the next among what it holds equal', () => {
  const tags = new Tags(({ id }) => (id === 'p/3' || id === 'p/2' ? ['a'] : undefined), 'x-tags');
  const chain = new Chain([tags, new Ordered(['p/4', 'p/3', 'p/2', 'p/1'])]);
  const request = asked({ headers: { 'x-tags': 'a' } });
  for (let round = 0; round < 10; round++) {
    expect(ids(chain.order(shuffled(targets(4), random), request))).toEqual(['p/3', 'p/2', 'p/4', 'p/1']);
  }
  expect(chain.reason(target('p/2'), request)).toBe('for a; asked for a; no. 3 in the configuration');
  expect(chain.order([], request)).toEqual([]);
});
