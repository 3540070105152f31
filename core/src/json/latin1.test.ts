import { expect, test } from 'vitest';
import { flatText, stringEnd } from './latin1.ts';

test('a string ends at its first quote that is not escaped', () => {
  const text = String.raw`{"a":"say \"no\" \\","b":1}`;
  const end = stringEnd(text, 6);
  expect(JSON.parse(text.slice(5, end + 1))).toBe('say "no" \\');
  expect(stringEnd('"abc', 1)).toBe(-1);
  expect(stringEnd('"ab\\"', 1)).toBe(-1);
});

test('a control character is in no string', () => {
  expect(stringEnd('"a\nb"', 1)).toBe(-1);
});

test('every byte stays as it is', () => {
  const text = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');
  expect(flatText(text)).toBe(text);
});
