/** Texts for the patterns that schemas use. */
import { expect, test } from 'vitest';
import { textMatching } from './pattern.ts';

test.each([
  '^[A-Z]{3}$',
  String.raw`^\d{4}-\d{2}-\d{2}$`,
  '^[a-z0-9-]+$',
  '^(foo|bar)_[0-9]*$',
  String.raw`^\+?[1-9]\d{1,14}$`,
  '^#(?:[0-9a-fA-F]{3}){1,2}$',
  '^(?<year>[12][0-9]{3})$',
  String.raw`^[\w.+-]+@[\w-]+\.[a-z]{2,}$`,
  '^[^a-zA-Z]{2}$',
  '.{5,}',
  String.raw`\p{Lu}\p{Ll}+`,
  String.raw`^(\d+)(,\s*\d+)*$`,
  '^a{2}b{1,3}?c??$',
  String.raw`^\[\]\\$`,
  'x',
  '',
])('%s', (pattern) => {
  for (const extra of [0, 1, 7]) expect(textMatching(pattern, extra)).toMatch(new RegExp(pattern, 'u'));
});

test('repeats as often as asked where the pattern allows it', () => {
  expect(textMatching('^a+$', 9)).toBe('a'.repeat(10));
  expect(textMatching('^a{2,4}$', 9)).toBe('aaaa');
});

test.each([
  '^(?=a)a$',
  '^(?!b)a$',
  '(?<=x)y',
  String.raw`^(a)\1$`,
  '^(',
  '[z-a]',
  String.raw`\u{61}`,
  '^a{99999}a{99999}$',
])('gives up on %s', (pattern) => {
  expect(textMatching(pattern)).toBeUndefined();
});
