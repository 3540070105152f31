/** Objects are taken apart without touching them. */
import { expect, test } from 'vitest';
import { compact, isKnown, omit } from './members.ts';

test('what is named is left out, and what would change the object', () => {
  const object = JSON.parse('{"a":1,"b":null,"__proto__":{"c":2}}') as Record<string, unknown>;
  expect(omit(object, 'a')).toEqual({ b: null });
  expect((omit(object) as { c?: unknown }).c).toBeUndefined();
  expect(object['a']).toBe(1);
});

test('what is undefined is left out, and nothing else', () => {
  expect(Object.keys(compact({ a: undefined, b: null, c: 0, d: '' }))).toEqual(['b', 'c', 'd']);
});

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [{ a: 1, b: false }, true],
  [{ a: null }, false],
  [{ a: 1, c: 2 }, false],
])('%j is known: %j', (object, known) => {
  expect(isKnown(object, ['a', 'b'])).toBe(known);
});
