/** The table says what was lost where something was, and never that a fault held which was not tried. */
import { expect, test } from 'vitest';
import type { Audit } from './audit.ts';
import { compare } from './audit.ts';
import { Table } from './table.ts';

const RIGHT: Audit = { charges: 12, due: 5_000_000n, rows: 12, orphaned: 1, lost: 0, adrift: 0n, wrong: [] };

test('each fault has a line with its figures, and all of them a sum', () => {
  const table = new Table(['first', 'second']);
  expect(table.next).toMatch(/^1\/2 +first/);
  expect(table.add({ name: 'first', seen: '200 × 12', wrong: [], audit: RIGHT, asked: 13, took: 2400 })).toMatch(
    /^ +13 +12 +12 +0 +\$0\.00 +2 s {2}held: 200 × 12\n$/,
  );
  expect(table.next).toMatch(/^2\/2 +second/);
  table.add({ name: 'second', seen: '', wrong: [], audit: RIGHT, asked: 12, took: 57_600 });
  expect(table.sum).toContain('2 of 2 faults held, in 1 min.');
  expect(table.sum).toContain('25 requests were sent; the provider billed 24 of them, $0.01 in all.');
  expect(table.sum).toContain('Lost: 0 requests, $0.00.');
  expect(table.failed).toEqual([]);
});

test('what was lost is in the line, under it, and in the sum', () => {
  const table = new Table(['first']);
  const audit = { ...RIGHT, rows: 10, lost: 2, adrift: 1_500_000n, wrong: ['2 charges of the provider have no row.'] };
  const line = table.add({ name: 'first', seen: '200 × 12', wrong: audit.wrong, audit, asked: 12, took: 0 });
  expect(line).toMatch(/ 2 +\$0\.0015 .*FAILED: 200 × 12\n +2 charges of the provider have no row\.\n$/);
  expect(table.sum).toContain('0 of 1 faults held');
  expect(table.sum).toContain('Lost: 2 requests, $0.0015.\nFAILED: first\n');
  expect(table.failed).toHaveLength(1);
});

test('a fault that could not be tried has not held, and fails nothing', () => {
  const table = new Table(['first']);
  expect(table.add({ name: 'first', seen: 'only root may', wrong: [], asked: 0, took: 0 })).toContain(
    'NOT TRIED: only',
  );
  expect(table.sum).toContain('0 of 1 faults held, in 0 min. 1 could not be tried here.');
  expect(table.failed).toEqual([]);
});

test('books that miss a charge, hold money back or know another sum are counted', () => {
  const bill = [
    { id: 'bill-0', most: 50, promptTokens: 10, completionTokens: 1 },
    { id: 'bill-1', most: 50, promptTokens: 10, completionTokens: 2 },
  ];
  const row = { id: 'a-1', type: 'attempt', result: 'success', upstreamId: 'bill-0', nanos: 200_000n };
  const books = { rows: [row] as never, stored: 200_000n, state: { spent: 200_000n, reserved: 0n } };
  expect(compare(books, bill.slice(0, 1))).toMatchObject({ charges: 1, due: 200_000n, lost: 0, adrift: 0n, wrong: [] });
  expect(compare(books, bill)).toMatchObject({ charges: 2, rows: 1, lost: 1, due: 500_000n });
  const orphan = { ...row, id: 'a-2', type: 'orphaned', result: 'orphaned', upstreamId: undefined, nanos: 0n };
  const dead = { ...books, rows: [row, orphan] as never };
  expect(compare(dead, bill.slice(0, 1))).toMatchObject({ rows: 2, lost: 1 });
  expect(compare(dead, bill.slice(0, 1), 1)).toMatchObject({ rows: 2, lost: 0, wrong: [] });
  const held = { ...books, state: { spent: 150_000n, reserved: 7n } };
  expect(compare(held, bill.slice(0, 1))).toMatchObject({ lost: 0, adrift: 50_007n });
  expect(compare(held, bill.slice(0, 1)).wrong).toHaveLength(2);
});
