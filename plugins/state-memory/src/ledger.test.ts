/** What the ledger does besides the contract: it stays small, and waits for no store longer than it may. */
import { systemClock, type Claim, type Clock, type Store } from '@gatewright/core';
import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { MemoryState } from './memory-state.ts';

const MINUTE = 60_000;

function rig(store?: Store): { state: MemoryState; ledger: Ledger; setTime(now: number): void } {
  let now = 1_800_000_000_000;
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  const ledger = new Ledger(clock, { lease: MINUTE, seedTimeout: 50, store });
  const setTime = (offset: number): void => {
    now = 1_800_000_000_000 + offset;
  };
  return { state: new MemoryState(ledger, 'me'), ledger, setTime };
}

const limit = (scope: string): Claim => {
  const window = { kind: 'sliding', name: '1m', length: MINUTE } as const;
  return { scope, unit: 'requests', window, kind: 'limit', amount: 1n, limit: 10n };
};

test('counters whose windows have passed are dropped, a few per hold', async () => {
  const { state, ledger, setTime } = rig();
  for (let index = 0; index < 500; index++) {
    await state.reserve({ id: `h${index}`, claims: [limit(`key:${index}`)], memo: () => '' });
    await state.settle(`h${index}`, []);
  }
  expect(ledger.size).toBe(500);
  setTime(10 * MINUTE);
  for (let index = 0; index < 200; index++) {
    await state.reserve({ id: `n${index}`, claims: [limit('key:new')], memo: () => '' });
  }
  expect(ledger.size).toBeLessThan(10);
});

test('a counter that holds something is kept, however old its window is', async () => {
  const { state, ledger, setTime } = rig();
  await state.reserve({ id: 'long', claims: [limit('key:long')], memo: () => '' });
  setTime(60 * MINUTE);
  for (let index = 0; index < 50; index++) {
    await state.reserve({ id: `n${index}`, claims: [limit('key:new')], memo: () => '' });
  }
  expect(ledger.size).toBe(2);
  expect(await state.settle('long', [])).toMatchObject({ duplicate: false });
});

test('two claims on one counter, and a budget over a sliding window, are refused as mistakes', async () => {
  const { state } = rig();
  const ask = (...claims: Claim[]): Promise<unknown> => state.reserve({ id: 'h', claims, memo: () => '' });
  await expect(ask(limit('a'), limit('a'))).rejects.toMatchObject({ code: 'GW_PLUGIN_CONTRACT' });
  await expect(ask({ ...limit('a'), kind: 'budget' })).rejects.toThrow('The budget of a has a sliding window (1m).');
});

test('a store that does not answer is waited for no longer than it may', async () => {
  const silent = { rollups: () => new Promise(() => undefined) } as unknown as Store;
  const ledger = new Ledger(systemClock, { lease: MINUTE, seedTimeout: 50, store: silent });
  const state = new MemoryState(ledger, 'me');
  const window = { kind: 'total', name: 'total' } as const;
  const claim: Claim = { scope: 'a', unit: 'nanos', window, kind: 'budget', amount: 1n, limit: 10n };
  await expect(state.reserve({ id: 'h', claims: [claim], memo: () => '' })).rejects.toMatchObject({
    code: 'GW_STATE_UNAVAILABLE',
    message: expect.stringContaining('the store that keeps it could not be read') as string,
  });
  state.close();
});

test('a budget is known from its first hold on, and its sums are read once', async () => {
  let reads = 0;
  const spent = { spent: 0n };
  const sums = (): Promise<unknown> => {
    reads++;
    const rollup = { scope: 'key:a', unit: 'nanos', window: 'total', name: 'total', period: '', spent: spent.spent };
    return Promise.resolve(spent.spent === 0n ? [] : [rollup]);
  };
  const { state } = rig({ rollups: sums } as unknown as Store);
  const window = { kind: 'total', name: 'total' } as const;
  const claim: Claim = { scope: 'key:a', unit: 'nanos', window, kind: 'budget', amount: 5n, limit: 100n };
  await state.reserve({ id: 'one', claims: [claim], memo: () => '' });
  expect(await state.balances([claim])).toMatchObject([{ spent: 0n, reserved: 5n }]);
  const bill = { held: 5n, actual: 5n, window: 'total', name: 'total', period: '', kind: 'budget' } as const;
  await state.settle('one', [{ scope: 'key:a', unit: 'nanos', ...bill }]);
  spent.spent = 5n;
  await state.reserve({ id: 'two', claims: [claim], memo: () => '' });
  expect(await state.balances([claim])).toMatchObject([{ spent: 5n, reserved: 5n }]);
  expect(reads).toBe(1);
});

test('a budget that was dropped while nobody asked is read again, and never begins at nothing', async () => {
  const sums = { spent: 0n, reads: 0 };
  const rollups = (): Promise<unknown> => {
    sums.reads++;
    return Promise.resolve([{ scope: 'key:a', unit: 'nanos', window: 'total', name: 'total', period: '', ...sums }]);
  };
  const { state, setTime } = rig({ rollups } as unknown as Store);
  const window = { kind: 'total', name: 'total' } as const;
  const claim: Claim = { scope: 'key:a', unit: 'nanos', window, kind: 'budget', amount: 5n, limit: 100n };
  await state.reserve({ id: 'one', claims: [claim], memo: () => '' });
  await state.settle('one', []);
  // Another process, or an import, has spent of it meanwhile.
  sums.spent = 96n;
  setTime(2 * MINUTE);
  expect(await state.reserve({ id: 'two', claims: [claim], memo: () => '' })).toMatchObject({
    ok: false,
    balance: { spent: 96n },
  });
  expect(sums.reads).toBe(2);
});
