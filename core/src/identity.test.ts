import { expect, test } from 'vitest';
import { matchesPattern, mayUseModel, mayUseOperation } from './identity.ts';

test.each([
  ['gpt-5', 'gpt-5', true],
  ['gpt-5', 'gpt-5-mini', false],
  ['*', 'anything/at-all', true],
  ['gpt-*', 'gpt-5', true],
  ['gpt-*', 'my-gpt-5', false],
  ['*-mini', 'gpt-mini', true],
  ['*-mini', 'gpt-mini-2', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['openai/*-mini*', 'openai/gpt-mini-5', true],
  ['a*b*c', 'axxbyyc', true],
  ['a*b*c', 'axxcyyb', false],
  ['a*bc*c', 'abc', false],
  ['a.c', 'abc', false],
])('the pattern %s on %s: %s', (pattern, name, matches) => {
  expect(matchesPattern(pattern, name)).toBe(matches);
});

test('without a list everything may be used; an empty list allows nothing', () => {
  expect(mayUseModel({ key: 'k' }, 'm')).toBe(true);
  expect(mayUseModel({ key: 'k', models: [] }, 'm')).toBe(false);
  expect(mayUseOperation({ key: 'k' }, 'chat')).toBe(true);
  expect(mayUseOperation({ key: 'k', operations: ['models'] }, 'chat')).toBe(false);
});
