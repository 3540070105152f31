/** Sets of models mean what a look at every name says they mean. */
import { matchesPattern } from '@gatewright/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { common, covers, type ModelSet } from './patterns.ts';

const NAMES = ['', 'a', 'b'].flatMap((one) =>
  ['', 'a', 'b'].flatMap((two) =>
    ['', 'a', 'b'].flatMap((three) => ['', 'a', 'b'].map((four) => one + two + three + four)),
  ),
);
const has = (set: ModelSet, name: string): boolean => set === undefined || set.some((one) => matchesPattern(one, name));
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 4 });
const set = fc.option(fc.array(pattern, { maxLength: 3 }), { nil: undefined });
const oneStar = fc.array(
  pattern.filter((text) => text.split('*').length <= 2),
  { maxLength: 3 },
);

test('what covers, holds every model of the other', () => {
  fc.assert(
    fc.property(set, set, (outer, inner) => {
      if (!covers(outer, inner)) return;
      for (const name of NAMES) if (has(inner, name)) expect(has(outer, name)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('what two sets have in common is never more than that', () => {
  fc.assert(
    fc.property(set, set, (left, right) => {
      const both = common(left, right);
      for (const name of NAMES) if (has(both, name)) expect([has(left, name), has(right, name)]).toEqual([true, true]);
    }),
    { numRuns: 2000 },
  );
});

test('with one star each, it is not less either', () => {
  fc.assert(
    fc.property(oneStar, oneStar, (left, right) => {
      const both = common(left, right);
      for (const name of NAMES) expect(has(both, name)).toBe(has(left, name) && has(right, name));
    }),
    { numRuns: 2000 },
  );
});

test('a set of nothing covers nothing but nothing, and all is covered only by all', () => {
  expect([covers([], []), covers([], ['a']), covers(['a'], []), covers(['a'], undefined)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([covers(['*'], undefined), covers(undefined, ['a'])]).toEqual([true, true]);
});

test('a group is held by itself and by all, never by a pattern that its name fits', () => {
  for (const outer of [['@fast'], ['*'], undefined]) expect(covers(outer, ['@fast'])).toBe(true);
  for (const outer of [['@f*'], ['*fast'], ['@slow'], ['fast']]) expect(covers(outer, ['@fast'])).toBe(false);
  expect(covers(['@f*'], ['@fa*'])).toBe(false);
  expect(covers(['@fast'], ['gpt'])).toBe(false);
  expect(common(['@fast', 'gpt*'], ['*fast', 'gpt-5', '@fast'])).toEqual(['@fast', 'gpt*fast', 'gpt-5']);
  expect(common(['*'], ['@fast'])).toEqual(['@fast']);
  expect(common(['g*'], ['@g'])).toEqual([]);
});
