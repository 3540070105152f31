import { expect, test } from 'vitest';
import { declaredText } from './declared.ts';

test('what is said is told, and nothing else', () => {
  expect(declaredText({})).toBeUndefined();
  expect(declaredText({ replicas: true })).toBeUndefined();
  expect(declaredText({ reads: 'neutral', mutates: true, network: [], secrets: false })).toBe(
    'reads what is said, changes it, calls nobody by itself, no secrets',
  );
  expect(declaredText({ reads: 'none', mutates: false, secrets: true })).toBe(
    'reads nothing, changes nothing, holds secrets',
  );
  expect(declaredText({ network: ['a', 'b', 'c', 'd', 'e'] })).toBe('calls a, b, c and 2 more');
});
