/** Holds that nobody has asked for before, and that are settled with their grants at hand, are counted as all others are. */
import { ManualClock } from '@gatewright/testkit';
import type { Claim, HoldRequest, Posting, Reservation } from '@gatewright/core';
import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { MemoryState } from './memory-state.ts';

const LEASE = 30_000;
const CLAIM: Claim = {
  scope: 'key:k',
  unit: 'requests',
  window: { kind: 'total', name: 'total' },
  kind: 'limit',
  amount: 2n,
  limit: 100n,
};
const hold = (id: string, fresh = true): HoldRequest => ({ id, claims: [CLAIM], memo: () => id, fresh });
const bill = (actual: bigint): Posting[] => [
  { scope: 'key:k', unit: 'requests', window: 'total', name: 'total', period: '', kind: 'limit', held: 2n, actual },
];
const grantsOf = (answer: Reservation | undefined) => (answer?.ok === true ? answer.grants : []);

function open(renews = true): { clock: ManualClock; state: MemoryState; balance: () => Promise<unknown> } {
  const clock = new ManualClock();
  const state = new MemoryState(new Ledger(clock, { lease: LEASE, seedTimeout: 1000 }), 'me', renews);
  return { clock, state, balance: async () => (await state.balances([CLAIM]))[0] };
}

test('a second bill changes nothing, whether it comes with the grants or without', async () => {
  const { state, balance } = open();
  const grants = grantsOf(state.reserveNow(hold('a')));
  expect(await balance()).toMatchObject({ spent: 0n, reserved: 2n });
  expect(state.settleNow('a', bill(1n), grants)).toEqual({ late: false, duplicate: false });
  expect(state.settleNow('a', bill(1n), grants)).toEqual({ late: false, duplicate: true });
  expect(await state.settle('a', bill(1n))).toEqual({ late: false, duplicate: true });
  expect(await balance()).toMatchObject({ spent: 1n, reserved: 0n });
  expect(() => state.reserveNow(hold('a', false))).toThrow('settled');
});

test('of many, settled in any order, each gives back its own, and is found by its id', async () => {
  const { state, balance } = open();
  const all = Array.from(
    { length: 9 },
    (_, n) => [`h${n}`, grantsOf(state.reserveNow(hold(`h${n}`, n % 3 > 0)))] as const,
  );
  expect(await state.extend('h4', [5n])).toMatchObject({ ok: true });
  expect(await balance()).toMatchObject({ reserved: 21n });
  for (const at of [4, 8, 0, 7, 1]) state.settleNow(all[at]?.[0] ?? '', bill(1n), all[at]?.[1]);
  for (const at of [2, 3, 5, 6]) state.settleNow(`h${at}`, bill(1n));
  expect(await balance()).toMatchObject({ spent: 9n, reserved: 0n });
});

test('the holds of an owner that died are orphans, oldest first', async () => {
  const { clock, state } = open(false);
  for (const [id, fresh] of [
    ['a', true],
    ['b', false],
    ['c', true],
  ] as const)
    state.reserveNow(hold(id, fresh));
  clock.advance(LEASE + 1);
  expect((await state.orphans(9)).map(({ id, memo }) => [id, memo])).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ]);
  expect(await state.reclaim('a', bill(2n))).toMatchObject({ duplicate: false });
  expect((await state.orphans(9)).map(({ id }) => id)).toEqual(['b', 'c']);
});
