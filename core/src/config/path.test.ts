/** Paths as people read them. */
import { expect, test } from 'vitest';
import { isRecord, pathText, valueAt } from './path.ts';

test('path text', () => {
  expect(pathText([])).toBe('');
  expect(pathText(['plugins', 2, 'with', 'apiKey'])).toBe('plugins[2].with.apiKey');
  expect(pathText(['models', 'gpt-5.6', 'targets', 0])).toBe('models["gpt-5.6"].targets[0]');
  expect(pathText(['models', 'a"b'])).toBe('models["a\\"b"]');
});

test('values are found by own keys only', () => {
  expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
  expect(valueAt({ a: 'text' }, ['a', 'length'])).toBeUndefined();
  expect(valueAt({}, ['constructor'])).toBeUndefined();
  expect(valueAt(null, ['a'])).toBeUndefined();
});

test('records are plain objects', () => {
  expect(isRecord({})).toBe(true);
  expect(isRecord(Object.create(null))).toBe(true);
  for (const other of [[], null, new Date(0), new (class A {})(), 'x', undefined]) expect(isRecord(other)).toBe(false);
});
