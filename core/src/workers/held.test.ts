/** A hold that is over leaves nothing behind. */
import { expect, test } from 'vitest';
import { Held } from './held.ts';

test('what was held is found until it is over, and emptied then', () => {
  const held = new Held<string>();
  const grants = [{ period: '', balance: { spent: 0n, reserved: 1n } }];
  held.add('1', ['claim'], grants);
  const entry = held.get('1');
  expect(entry).toEqual({ claims: ['claim'], grants });
  held.delete('1');
  held.delete('never');
  expect(held.get('1')).toBeUndefined();
  expect(entry).toEqual({ claims: [], grants: [] });
});
