/** Always the order of the configuration. */
import { expect, test } from 'vitest';
import { asked, chain, ids, seeded, shuffled, target, targets } from '../rig.test.kit.ts';
import { Ordered } from './ordered.ts';

const random = seeded(3);
const ordered = new Ordered(['p/1', 'p/2', 'p/3', 'q/*']);

test('is the order of the configuration, whatever comes', () => {
  for (let round = 0; round < 20; round++) {
    expect(ids(chain(ordered).order(shuffled(targets(3), random), asked()))).toEqual(['p/1', 'p/2', 'p/3']);
  }
});

test('what is missing leaves the others in their places', () => {
  expect(ids(chain(ordered).order([target('p/3'), target('p/1')], asked()))).toEqual(['p/1', 'p/3']);
});

test('a target of a pattern stands where the pattern does, and what nobody knows is last', () => {
  expect(ids(chain(ordered).order([target('r/x'), target('q/anything'), target('p/3')], asked()))).toEqual([
    'p/3',
    'q/anything',
    'r/x',
  ]);
});
