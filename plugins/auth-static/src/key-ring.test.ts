/** The ring finds exactly the keys that were put on it. */
import { expect, test, vi } from 'vitest';
import { KeyRing } from './key-ring.ts';

const ada = Object.freeze({ key: 'ada' });
const bob = Object.freeze({ key: 'bob' });

function ring(): KeyRing {
  const ring = new KeyRing();
  ring.add('sk-ada-0123456789abcdef', ada);
  ring.add('sk-bob-0123456789abcdef', bob);
  return ring;
}

test('finds the identity of a key, the same object every time', () => {
  const keys = ring();
  expect(keys.size).toBe(2);
  expect(keys.find('sk-ada-0123456789abcdef')).toBe(ada);
  expect(keys.find('sk-bob-0123456789abcdef')).toBe(bob);
  expect(keys.find('sk-ada-0123456789abcdef')).toBe(ada);
});

test.each([
  ['the empty credential', ''],
  ['a beginning of a key', 'sk-ada-0123456789abcde'],
  ['a key with something behind it', 'sk-ada-0123456789abcdef0'],
  ['a key in other letters', 'SK-ADA-0123456789ABCDEF'],
  ['a key with a null character', 'sk-ada-0123456789abcdef\0'],
  ['the name of a property that every object has', '__proto__'],
  ['a very long credential', 'x'.repeat(100_000)],
])('does not find %s', (_what, credential) => {
  expect(ring().find(credential)).toBeUndefined();
});

test('tells keys apart that share a fingerprint', () => {
  const shared = vi.spyOn(Math, 'imul').mockReturnValue(0);
  const keys = new KeyRing();
  const identities = ['a1', 'b1', 'ab1'].map((key) => ({ key }));
  for (const identity of identities) keys.add(identity.key, identity);
  const found = ['a1', 'b1', 'ab1', 'c1', 'abc1'].map((key) => keys.find(key));
  shared.mockRestore();
  expect(found).toEqual([...identities, undefined, undefined]);
});

test('a character that a shorter encoding would cut to a letter of a key is not that letter', () => {
  const keys = new KeyRing();
  keys.add('key-a', ada);
  expect(keys.find('key-\u0161')).toBeUndefined();
});

test('looks up what no caller can predict: a fingerprint that is another one on every ring', () => {
  const stored = vi.spyOn(Map.prototype, 'set');
  ring();
  ring();
  const fingerprints = stored.mock.calls.map(([fingerprint]) => fingerprint as unknown);
  stored.mockRestore();
  expect(fingerprints).toHaveLength(4);
  expect(new Set(fingerprints).size).toBe(4);
});
