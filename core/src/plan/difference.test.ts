/** Tests of the places where two values differ. */
import { expect, test } from 'vitest';
import { differences } from './difference.ts';

test('values that are equal differ nowhere', () => {
  expect(differences({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
});

test('a difference is told as deep down as it is', () => {
  const before = { a: { b: [1, 2] }, same: true };
  const after = { a: { b: [1, 3] }, same: true };
  expect(differences(before, after, 'with')).toEqual([{ path: 'with.a.b[1]', before: 2, after: 3 }]);
});

test('what comes and goes has one side only', () => {
  expect(differences({ gone: 1, list: ['a'] }, { fresh: null, list: ['a', 'b'] })).toEqual([
    { path: 'gone', before: 1 },
    { path: 'list[1]', after: 'b' },
    { path: 'fresh', after: null },
  ]);
});

test('values of different shape are told whole', () => {
  expect(differences({ a: [1] }, { a: { b: 1 } })).toEqual([{ path: 'a', before: [1], after: { b: 1 } }]);
});

test('secrets count as they are and are told as they may be shown', () => {
  const shown = { before: { key: '••••', id: 'a' }, after: { key: '••••', id: 'a' } };
  expect(differences({ key: 'one', id: 'a' }, { key: 'two', id: 'a' }, 'with', shown)).toEqual([
    { path: 'with.key', before: '••••', after: '••••' },
  ]);
});

test('what is masked whole stays masked for all that is in it', () => {
  const shown = { before: { vault: '••••' }, after: { vault: '••••' } };
  expect(differences({ vault: { a: 1, b: 2 } }, { vault: { a: 1, b: 3 } }, '', shown)).toEqual([
    { path: 'vault.b', before: '••••', after: '••••' },
  ]);
});
