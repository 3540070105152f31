/** The strategies that need to know nothing but the configuration: in turn, in order, by tag, several at once. */
import { describe, expect, test } from 'vitest';
import { asked, ids, seeded, shuffled, target, targets } from '../rig.test.kit.ts';
import { Chain } from './chain.ts';
import { Ordered } from './ordered.ts';
import { RoundRobin } from './round-robin.ts';
import { Tags } from './tags.ts';
import { weighted } from './weighted.ts';

const random = seeded(3);

test('weighted leaves the order by chance that the core gives', () => {
  const list = shuffled(targets(5), random);
  expect(weighted.order(list, asked())).toBe(list);
});

describe('ordered', () => {
  const ordered = new Ordered(['p/1', 'p/2', 'p/3', 'q/*']);

  test('is the order of the configuration, whatever comes', () => {
    for (let round = 0; round < 20; round++) {
      expect(ids(ordered.order(shuffled(targets(3), random)))).toEqual(['p/1', 'p/2', 'p/3']);
    }
  });

  test('what is missing leaves the others in their places', () => {
    expect(ids(ordered.order([target('p/3'), target('p/1')]))).toEqual(['p/1', 'p/3']);
  });

  test('a target of a pattern stands where the pattern does, and what nobody knows is last', () => {
    expect(ids(ordered.order([target('r/x'), target('q/anything'), target('p/3')]))).toEqual([
      'p/3',
      'q/anything',
      'r/x',
    ]);
  });
});

describe('round robin', () => {
  const make = (): RoundRobin => new RoundRobin(new Ordered(['p/1', 'p/2', 'p/3']), { next: 0 });

  test('each is first in turn, and the others follow', () => {
    const strategy = make();
    const orders = Array.from({ length: 4 }, () =>
      ids(strategy.order(shuffled(targets(3), random), asked())).join(' '),
    );
    expect(orders).toEqual(['p/1 p/2 p/3', 'p/2 p/3 p/1', 'p/3 p/1 p/2', 'p/1 p/2 p/3']);
  });

  test('the shares are exactly equal', () => {
    const strategy = make();
    const firsts = Array.from({ length: 3000 }, () => strategy.order(targets(3), asked())[0]?.id);
    for (const id of ['p/1', 'p/2', 'p/3']) expect(firsts.filter((first) => first === id)).toHaveLength(1000);
  });

  test('with fewer targets than before nobody is passed over', () => {
    const strategy = make();
    strategy.order(targets(3), asked());
    strategy.order(targets(3), asked());
    const firsts = Array.from({ length: 4 }, () => strategy.order(targets(2), asked())[0]?.id);
    expect(firsts).toEqual(['p/1', 'p/2', 'p/1', 'p/2']);
  });

  test('a request that is explained uses up no turn', () => {
    const strategy = make();
    for (let round = 0; round < 3; round++) strategy.order(targets(3), asked({ trace: { steps: [] } }));
    expect(strategy.order(targets(3), asked())[0]?.id).toBe('p/1');
  });
});

describe('tags', () => {
  const OF: Readonly<Record<string, readonly string[]>> = { 'p/1': ['gold'], 'p/2': ['gold', 'eu'], 'p/3': ['eu'] };
  const strategy = new Tags(({ id }) => OF[id], 'x-tags');
  const order = (headers: Record<string, string>, tags: readonly string[] = []): string[] =>
    ids(strategy.order(targets(5), asked({ headers, identity: { key: 'k', tags } })));

  test('those that fit, then those for everybody, the others not at all', () => {
    expect(order({ 'x-tags': 'eu' })).toEqual(['p/2', 'p/3', 'p/4', 'p/5']);
    expect(order({}, ['gold'])).toEqual(['p/1', 'p/2', 'p/4', 'p/5']);
  });

  test('those of the key and those of the header count together', () => {
    expect(order({ 'x-tags': 'other, eu' }, ['gold'])).toEqual(['p/1', 'p/2', 'p/3', 'p/4', 'p/5']);
  });

  test('without a tag, those for everybody', () => {
    expect(order({})).toEqual(['p/4', 'p/5']);
    expect(order({ 'x-tags': 'nobodys' })).toEqual(['p/4', 'p/5']);
  });

  test('clients may be kept from naming any', () => {
    const strict = new Tags(({ id }) => OF[id], undefined);
    expect(ids(strict.order(targets(5), asked({ headers: { 'x-tags': 'gold' } })))).toEqual(['p/4', 'p/5']);
  });

  test('says whom a target is for, and what was asked', () => {
    const request = asked({ headers: { 'x-tags': 'eu' } });
    expect(strategy.reason(target('p/1'), request)).toBe('for gold; asked for eu');
    expect(strategy.reason(target('p/4'), request)).toBe('for everybody');
    expect(strategy.reason(target('p/1'), asked())).toBe('for gold; asked for nothing');
  });
});

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
