/** Whom targets are for. */
import { expect, test } from 'vitest';
import type { Asked } from '../asked.ts';
import { asked, chain, ids, target, targets } from '../rig.test.kit.ts';
import { Tags } from './tags.ts';

const OF: Readonly<Record<string, readonly string[]>> = { 'p/1': ['gold'], 'p/2': ['gold', 'eu'], 'p/3': ['eu'] };
const strategy = new Tags(({ id }) => OF[id], 'x-tags');
const order = (headers: Record<string, string>, tags: readonly string[] = []): string[] =>
  left(strategy, asked({ headers, identity: { key: 'k', tags } }));

/** Who is not left out, in order. */
function left(tags: Tags, request: Asked): string[] {
  const list = targets(5);
  const judge = tags.look(list, request);
  const able = list.filter((one) => judge?.(one) === undefined);
  return ids(chain(tags).order(able, request));
}

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
  expect(left(strict, asked({ headers: { 'x-tags': 'gold' } }))).toEqual(['p/4', 'p/5']);
});

test('says whom a target is for, and what was asked', () => {
  const request = asked({ headers: { 'x-tags': 'eu' } });
  expect(strategy.reason(target('p/1'), request)).toBe('for gold; asked for eu');
  expect(strategy.reason(target('p/4'), request)).toBe('for everybody');
  expect(strategy.reason(target('p/1'), asked())).toBe('for gold; asked for nothing');
});
