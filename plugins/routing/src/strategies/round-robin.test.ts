/** Each in turn. */
import { expect, test } from 'vitest';
import { asked, chain, ids, seeded, shuffled, targets } from '../rig.test.kit.ts';
import { Ordered } from './ordered.ts';
import { RoundRobin } from './round-robin.ts';

const random = seeded(3);
const make = (): RoundRobin => new RoundRobin(new Ordered(['p/1', 'p/2', 'p/3']), { next: 0 });

test('each is first in turn, and the others follow', () => {
  const strategy = make();
  const orders = Array.from({ length: 4 }, () =>
    ids(chain(strategy).order(shuffled(targets(3), random), asked())).join(' '),
  );
  expect(orders).toEqual(['p/1 p/2 p/3', 'p/2 p/3 p/1', 'p/3 p/1 p/2', 'p/1 p/2 p/3']);
});

test('the shares are exactly equal', () => {
  const strategy = make();
  const firsts = Array.from({ length: 3000 }, () => chain(strategy).order(targets(3), asked())[0]?.id);
  for (const id of ['p/1', 'p/2', 'p/3']) expect(firsts.filter((first) => first === id)).toHaveLength(1000);
});

test('with fewer targets than before nobody is passed over', () => {
  const strategy = make();
  chain(strategy).order(targets(3), asked());
  chain(strategy).order(targets(3), asked());
  const firsts = Array.from({ length: 4 }, () => chain(strategy).order(targets(2), asked())[0]?.id);
  expect(firsts).toEqual(['p/1', 'p/2', 'p/1', 'p/2']);
});

test('a request that is explained uses up no turn', () => {
  const strategy = make();
  for (let round = 0; round < 3; round++) chain(strategy).order(targets(3), asked({ trace: { steps: [] } }));
  expect(chain(strategy).order(targets(3), asked())[0]?.id).toBe('p/1');
});
