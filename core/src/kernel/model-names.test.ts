import { expect, test } from 'vitest';
import type { Target } from '../route.ts';
import { ModelNames, type Model } from './model-names.ts';

const model = (name: string, target: string, aliases: string[] = []): Model => ({
  name,
  aliases,
  targets: [{ id: `p/${target}`, provider: 'p', model: target } as Target],
  fallbacks: [],
});

const names = new ModelNames([
  model('*', 'any-*'),
  model('openai/*', '*'),
  model('openai/*-mini', 'small-*'),
  model('openai/special', 'special', ['gpt-4', 'legacy/*']),
]);

const found = (name: string): string | undefined => names.find(name)?.targets[0]?.id;

test.each([
  ['openai/special', 'p/special'],
  ['gpt-4', 'p/special'],
  ['legacy/whatever', 'p/special'],
  ['openai/gpt-5.6', 'p/gpt-5.6'],
  ['openai/gpt-mini', 'p/small-gpt'],
  ['openai/meta/llama:free', 'p/meta/llama:free'],
  ['something', 'p/any-something'],
])('%s is served by %s', (name, id) => {
  expect(found(name)).toBe(id);
  expect(found(name)).toBe(id);
});

test.each([
  ['openai/'],
  ['a b'],
  ['x\ny'],
  ['../../etc'],
  ['a/../b'],
  ['a?b=c'],
  ['a#b'],
  ['a%2fb'],
  ['/a'],
  ['a/'],
  ['x'.repeat(300)],
  [''],
])('a name that could change a path or a header is nobody: %j', (name) => {
  expect(found(name)).toBeUndefined();
});

test('a dollar sign in a name is only a dollar sign', () => {
  expect(new ModelNames([model('*', '[*]')]).find('$&')).toBeUndefined();
});

test('the memory of matched names is bounded', () => {
  for (let index = 0; index < 5000; index++) expect(found(`openai/m${index}`)).toBe(`p/m${index}`);
});
