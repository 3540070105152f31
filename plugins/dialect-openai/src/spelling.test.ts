/** The memory of how an object was written. */
import { expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import fc from 'fast-check';
import { respell, spellingOf } from './spelling.ts';

test('what differs is kept, each side where it is', () => {
  expect(spellingOf({ a: 1, b: null, c: [1] }, { a: 1, c: 1, d: 2 })).toEqual({
    b: { original: null },
    c: { canonical: 1, original: [1] },
    d: { canonical: 2 },
  });
  expect(spellingOf({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toBeUndefined();
  expect(spellingOf({ a: 1 }, { a: 2 }, new Set(['a']))).toBeUndefined();
});

test('an entry holds only while the same would be written', () => {
  const spelling = spellingOf({ content: ['a'], extra: null }, { content: 'a' });
  expect(respell({ content: 'a' }, spelling)).toEqual({ content: ['a'], extra: null });
  expect(respell({ content: 'b' }, spelling)).toEqual({ content: 'b', extra: null });
  expect(respell({ content: 'a', extra: 1 }, spelling)).toEqual({ content: ['a'], extra: 1 });
  expect(respell({ content: 'a' }, 'nonsense')).toEqual({ content: 'a' });
});

test('whatever an object was, it is again, also with keys that every object has', () => {
  const key = fc
    .oneof(fc.string(), fc.constantFrom('toString', 'constructor', 'valueOf'))
    .filter((name) => name !== '__proto__');
  const object = fc.dictionary(key, fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
  fc.assert(
    fc.property(object, object, (original, canonical) => {
      const before = structuredClone(original);
      expect(respell({ ...canonical }, spellingOf(original, canonical))).toEqual(before);
    }),
  );
});
