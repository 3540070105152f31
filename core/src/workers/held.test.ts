/** A hold that is over leaves nothing behind but its number, for another one. */
import { expect, test } from 'vitest';
import type { Claim, Grant } from '../state.ts';
import { Held } from './held.ts';

const window = { kind: 'total', name: 'total' } as const;
const CLAIMS: readonly Claim[] = [{ scope: 'a', unit: 'nanos', window, kind: 'budget', amount: 1n }];
const GRANTS: readonly Grant[] = [{ period: '', balance: { spent: 0n, reserved: 1n } }];

test('what was held is found until it is over, and emptied then', () => {
  const held = new Held();
  held.add('1', held.number(), CLAIMS, GRANTS);
  const entry = held.get('1');
  expect(entry).toEqual({ claims: CLAIMS, grants: GRANTS, number: 0 });
  held.delete('1');
  held.delete('never');
  expect(held.get('1')).toBeUndefined();
  expect(entry).toEqual({ claims: [], grants: [], number: 0 });
});

test('no two holds have a number at a time, and numbers are given again', () => {
  const held = new Held();
  const [first, second, third] = [held.number(), held.number(), held.number()];
  expect(new Set([first, second, third]).size).toBe(3);
  held.add('1', first, CLAIMS, GRANTS);
  held.refused(second);
  expect(held.number()).toBe(second);
  held.delete('1');
  expect(held.number()).toBe(first);
  // Asked for twice, it has the newer number.
  held.add('3', third, CLAIMS, GRANTS);
  held.add('3', held.number(), CLAIMS, GRANTS);
  expect(held.number()).toBe(third);
});
