/** Several strategies at once. */
import type { Target } from '@gatewright/core';
import { expect, test } from 'vitest';
import type { Asked } from '../asked.ts';
import { asked, ids, seeded, shuffled, target, targets } from '../rig.test.kit.ts';
import { Chain } from './chain.ts';
import { Ordered } from './ordered.ts';
import { RoundRobin } from './round-robin.ts';
import { Tags } from './tags.ts';
import { weighted } from './weighted.ts';

const random = seeded(3);

test('in a chain the first decides, and the next among what it holds equal', () => {
  const tags = new Tags(({ id }) => (id === 'p/3' || id === 'p/2' ? ['a'] : undefined), 'x-tags');
  const chain = new Chain([tags, new Ordered(['p/4', 'p/3', 'p/2', 'p/1'])], random);
  const request = asked({ headers: { 'x-tags': 'a' } });
  for (let round = 0; round < 10; round++) {
    expect(ids(chain.order(shuffled(targets(4), random), request))).toEqual(['p/3', 'p/2', 'p/4', 'p/1']);
  }
  expect(chain.reason(target('p/2'), request)).toBe('for a; asked for a; no. 3 in the configuration');
  expect(chain.order([], request)).toEqual([]);
});

test('who is first without the others is who is first of all of them', () => {
  const list = targets(6, (number) => ({ weight: number % 3 }));
  const halves = {
    score: (of: readonly Target[], _: Asked, scores: Float64Array): void =>
      of.forEach(({ model }, at) => (scores[at] = Number(model) % 2)),
  };
  for (let round = 0; round < 50; round++) {
    const one = new Chain([halves, weighted], random);
    const first = one.first(list, asked(), false);
    const order = one.order(shuffled(list, random), asked(), first);
    expect(order[0]).toBe(first);
    expect(ids(order.slice(0, 3)).toSorted()).toEqual(['p/2', 'p/4', 'p/6']);
    expect(new Set(order).size).toBe(6);
  }
});

test('whose turn it was is followed by the next, and uses up one turn', () => {
  const turns = { next: 1 };
  const list = targets(3);
  const one = new Chain([new RoundRobin(new Ordered(['p/1', 'p/2', 'p/3']), turns)], random);
  const first = one.first(list, asked(), false);
  expect(ids(one.order(shuffled(list, random), asked(), first))).toEqual(['p/2', 'p/3', 'p/1']);
  expect(one.first(list, asked(), false)?.id).toBe('p/3');
});
