/** What reached the store is remembered with when it did, so much of it. */
import { usageLinesOf, type Posting, type UsageRow } from '@gatewright/core';
import { expect, test } from 'vitest';
import { LateRows } from './late-rows.ts';

function row(id: string, kind: Posting['kind'] = 'budget', type: UsageRow['type'] = 'final'): UsageRow {
  const place = { scope: 'a', unit: 'nanos', window: 'total', name: 'total', period: '' } as const;
  const postings: Posting[] = [{ ...place, kind, held: 0n, actual: 5n }];
  return { id, type, exchange: id, result: 'success', postings } as Partial<UsageRow> as UsageRow;
}
const ids = (rows: LateRows, time: number): string[] => rows.since(time).map(({ id }) => id);

test('rows that the store had not had, and that budgets were billed by, since a moment', () => {
  const rows = new LateRows();
  rows.note(usageLinesOf([row('a'), row('b'), row('c')]), ['new', 'duplicate', 'replaced'], 100);
  rows.note(usageLinesOf([row('d', 'limit'), row('e', 'budget', 'orphaned'), row('f')]), ['new', 'new', 'new'], 200);
  expect([ids(rows, 0), ids(rows, 101), ids(rows, 201)]).toEqual([['a', 'f'], ['f'], []]);
  expect(rows.since(150)).toMatchObject([{ postings: [{ scope: 'a', actual: 5n }] }]);
});

test('the late ones are kept where there are many', () => {
  const rows = new LateRows();
  for (let n = 0; n < 30_000; n++) rows.note(usageLinesOf([row(`r${n}`)]), ['new'], n);
  const kept = ids(rows, 0);
  expect(kept.length).toBeLessThanOrEqual(10_000);
  expect(kept.at(-1)).toBe('r29999');
});
