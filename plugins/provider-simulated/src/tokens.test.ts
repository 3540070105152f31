/** Tokens lose nothing, and counts grow with what is counted. */
import { expect, test } from 'vitest';
import { countInput, tokensOf } from './tokens.ts';

test.each([
  ['', []],
  ['Hello, world!', ['Hello', ',', ' world', '!']],
  ['  two  spaces ', ['  two', '  spaces', ' ']],
  ['internationalisation', ['internationa', 'lisation']],
  ['{"a":[1,2]}', ['{"', 'a', '":[', '1', ',', '2', ']}']],
])('%j', (text, tokens) => {
  expect(tokensOf(text)).toEqual(tokens);
});

test.each([
  'line\nbreaks\r\n\r\n\tand tabs\n',
  'Ärger über 東京 — “quoted” …',
  '👩‍👩‍👧 emoji 🎉',
  ' \n ',
  'a\u0301\u0301 combining',
])('joined, the tokens of %j are the text again', (text) => {
  expect(tokensOf(text).join('')).toBe(text);
});

test('counts texts, messages and attachments', () => {
  expect(countInput([], 0, 0)).toBe(0);
  const words = countInput(['one two three four'], 1, 0);
  expect(words).toBeGreaterThanOrEqual(8);
  expect(words).toBeLessThan(12);
  expect(countInput(['one two three four'], 1, 1) - words).toBe(1000);
});
