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

test('looks up what no caller can predict: a digest that is another one on every ring', () => {
  const stored = vi.spyOn(Map.prototype, 'set');
  ring();
  ring();
  const digests = stored.mock.calls.filter(([, value]) => value === ada).map(([key]) => String(key));
  stored.mockRestore();
  expect(digests).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(digests[0]).not.toBe(digests[1]);
});
