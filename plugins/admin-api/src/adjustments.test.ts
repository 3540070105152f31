/** Corrections that were broken off half way are finished when they are asked for again, with the same amounts. */
import type { KeyService } from '@gatewright/auth-keys';
import { openRecords } from '@gatewright/auth-keys/records';
import {
  GatewayError,
  silentLogger,
  usageRowFromJson,
  usageRowsIn,
  type Clock,
  type Posting,
  type State,
  type Store,
  type UsageRow,
} from '@gatewright/core';
import { expect, test } from 'vitest';
import { Adjustments } from './adjustments.ts';
import { Desk } from './desk.ts';

const clock: Clock = {
  now: () => Date.parse('2026-11-22T12:00:00Z'),
  monotonic: () => 0,
  after: () => () => undefined,
};

/** A store and a state that keep what they are given, and fail where told. */
class Rig {
  readonly records = new Map<string, unknown>();
  readonly rows = new Map<string, UsageRow>();
  readonly settled = new Map<string, readonly Posting[]>();
  spent = 400n;
  fails: 'addUsage' | 'settle' | undefined;

  readonly store = {
    get: (kind: string, id: string) => {
      const value = this.records.get(`${kind} ${id}`);
      return Promise.resolve(value === undefined ? undefined : { kind, id, value, version: 1, created: 0, updated: 0 });
    },
    write: ([one]: { kind: string; id: string; value: unknown }[]) => {
      this.records.set(`${one?.kind} ${one?.id}`, one?.value);
      return Promise.resolve(1);
    },
    rollups: () => Promise.resolve([]),
    addUsage: (lines: Uint8Array) => {
      this.#fail('addUsage');
      for (const row of usageRowsIn(lines).map(usageRowFromJson))
        if (!this.rows.has(row.id)) this.rows.set(row.id, row);
      return Promise.resolve(['new']);
    },
  } as unknown as Store;

  readonly state = {
    balances: (all: unknown[]) => Promise.resolve(all.map(() => ({ spent: this.spent, reserved: 0n }))),
    settle: (id: string, postings: readonly Posting[]) => {
      this.#fail('settle');
      if (!this.settled.has(id)) this.settled.set(id, postings);
      return Promise.resolve({ late: false, duplicate: false });
    },
  } as unknown as State;

  readonly adjustments = new Adjustments(
    new Desk({
      store: this.store,
      keys: { records: openRecords(this.store, clock) } as unknown as KeyService,
      state: this.state,
      prices: undefined,
      health: undefined,
      clock,
      log: silentLogger,
      models: () => [],
      reloading: { reload: () => Promise.resolve([]), preview: () => Promise.resolve([]) },
    }),
  );

  #fail(what: 'addUsage' | 'settle'): void {
    if (this.fails !== what) return;
    this.fails = undefined;
    throw new GatewayError('GW_STORE_UNAVAILABLE', 'away');
  }
}

const budget = { scope: 'key:a', terms: { limit: '1000', window: 'total' } };
const about = { actor: 'admin', id: 'one', reason: 'reset_spend', key: 'a' };

test.each(['addUsage', 'settle'] as const)(
  'where %s fails, doing it again books what was to be booked',
  async (fails) => {
    const rig = new Rig();
    rig.fails = fails;
    const reset = () => rig.adjustments.reset([budget], 0n, about, () => Promise.resolve(0n));
    await expect(reset()).rejects.toThrow('away');
    // Something else is spent in between: it is not taken back.
    rig.spent = 450n;
    expect(await reset()).toMatchObject({ duplicate: true, amount: -400n });
    await reset();
    expect(rig.rows.get('adj_one')?.postings).toMatchObject([{ scope: 'key:a', held: 0n, actual: -400n }]);
    expect([...rig.settled.values()]).toMatchObject([[{ actual: -400n }]]);
    expect(rig.rows.size).toBe(1);
  },
);

test('an id that was used for somebody else is refused', async () => {
  const rig = new Rig();
  await rig.adjustments.add({ ...about, amount: 1 });
  await expect(rig.adjustments.add({ ...about, key: 'b', amount: 1 })).rejects.toMatchObject({ code: 'GW_CONFLICT' });
  await expect(rig.adjustments.add({ ...about, amount: 2 })).rejects.toMatchObject({ code: 'GW_CONFLICT' });
  expect(rig.rows.size).toBe(1);
});
