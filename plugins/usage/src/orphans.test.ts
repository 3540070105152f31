/** The holds of a dead process become rows, once, by the policy that was chosen. */
import {
  silentLogger,
  systemClock,
  type Orphan,
  type Posting,
  type Prices,
  type State,
  type UsageRow,
} from '@gatewright/core';
import { expect, test } from 'vitest';
import type { UsageJournal } from './journal.ts';
import { billOrphans, type OrphanCharge } from './orphans.ts';

const budget: Posting = {
  scope: 'team:core',
  unit: 'nanos',
  window: 'total',
  name: 'total',
  period: '',
  kind: 'budget',
  held: 1000n,
  actual: 0n,
};
const MEMO = {
  exchange: 'e',
  time: 5,
  operation: 'chat',
  model: 'smart',
  provider: 'acme',
  upstreamModel: 'acme-1',
  key: 'k',
  team: 'core',
  stream: true,
  bytes: 400,
};
const orphan = (over: Partial<Orphan> = {}): Orphan => ({
  id: 'a-1',
  memo: JSON.stringify(MEMO),
  expired: 65,
  postings: [
    budget,
    { ...budget, kind: 'limit', unit: 'tokens', held: 70n },
    { ...budget, kind: 'limit', unit: 'concurrent', window: 'held', held: 1n },
  ],
  ...over,
});

async function bill(
  charge: OrphanCharge,
  orphans: readonly Orphan[],
): Promise<{ rows: UsageRow[]; settled: [string, bigint[]][]; order: string[] }> {
  const rows: UsageRow[] = [];
  const settled: [string, bigint[]][] = [];
  const order: string[] = [];
  const state = {
    orphans: async () => orphans,
    async reclaim(id: string, postings: readonly Posting[]) {
      settled.push([id, postings.map(({ actual }) => actual)]);
      order.push('hold');
      return { late: false, duplicate: false };
    },
  } as Partial<State> as State;
  const journal = {
    async write(row: UsageRow) {
      rows.push(row);
      order.push('row');
    },
  } as Partial<UsageJournal> as UsageJournal;
  // Three nano-dollars for an input token.
  const prices = {
    bound: (_target: unknown, { input }: { input: number }) => BigInt(input * 3),
  } as Partial<Prices> as Prices;
  await billOrphans({ state, prices, journal, clock: systemClock, log: silentLogger, charge });
  return { rows, settled, order };
}

test.each<[OrphanCharge, bigint]>([
  ['hold', 1000n],
  ['input', 300n],
  ['none', 0n],
])(
  'with %s, %s nano-dollars are billed; tokens as they were held, places under way given back',
  async (charge, nanos) => {
    const { rows, settled, order } = await bill(charge, [orphan()]);
    expect(settled).toEqual([['a-1', [nanos, 70n, 0n]]]);
    expect(rows).toMatchObject([
      { id: 'a-1', type: 'orphaned', team: 'core', upstreamModel: 'acme-1', nanos, duration: 60, result: 'orphaned' },
    ]);
    expect(rows[0]).not.toHaveProperty('bytes');
    expect(order).toEqual(['row', 'hold']);
  },
);

test('the input is never billed above the hold', async () => {
  const memo = JSON.stringify({ ...MEMO, bytes: 1_000_000 });
  expect((await bill('input', [orphan({ memo })])).rows[0]?.nanos).toBe(1000n);
});

test.each(['', 'null', '{}', '{"time":1}'])('a hold whose memo is %j is given back without a row', async (memo) => {
  const { rows, settled } = await bill('hold', [orphan({ memo })]);
  expect(rows).toEqual([]);
  expect(settled).toEqual([['a-1', [0n, 0n, 0n]]]);
});
