/** The names of keys. */
import { expect, test } from 'vitest';
import { LedgerKeys } from './keys.ts';

test('how long the beginning of a key is, is counted as the server does', () => {
  const keys = new LedgerKeys('any', 'team:日本').of('7');
  expect(Buffer.from(keys.hold('h1')).subarray(keys.beforeId).toString()).toBe('h1');
});
