/** What a worker asks for arrives as it was asked, and in few bytes once it was asked before. */
import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import type { Claim, ClaimWindow, Grant, Posting } from '../state.ts';
import { ClaimReader, ClaimWriter, isBillOf, readBill, readGrants, writeBill, writeGrants } from './claim-wire.ts';
import { SheetReader, SheetWriter, type Sheet } from './sheet.ts';

const minute: ClaimWindow = { kind: 'sliding', name: 'minute', length: 60_000 };
const month: ClaimWindow = { kind: 'periods', name: 'month', periods: [{ id: '2026-11', start: 1, end: 2 }] };

const limit = (scope: string, amount: bigint): Claim => ({
  scope,
  unit: 'tokens',
  window: minute,
  kind: 'limit',
  amount,
  limit: 100n,
});
const budget = (scope: string, amount: bigint, most?: bigint): Claim => ({
  scope,
  unit: 'nanos',
  window: month,
  kind: 'budget',
  amount,
  limit: most,
  label: `budget of ${scope}`,
  outage: 'closed',
  actual: () => 1n,
  seen: () => undefined,
});

/** As Node copies what goes between processes. */
const copied = (sheet: Sheet): SheetReader => new SheetReader(deserialize(serialize(sheet)) as Sheet);
const sheetOf = (write: (sheet: SheetWriter) => void): Sheet => {
  const writer = new SheetWriter();
  write(writer);
  return writer.sheet;
};
const plain = ({ actual: _actual, seen: _seen, ...claim }: Claim): object => claim;

test('claims arrive without what only the worker can do with them', () => {
  const [writer, reader] = [new ClaimWriter(), new ClaimReader()];
  const asked = [limit('key:a', 5n), budget('key:a', 7n, 10n), budget('team:b', 7n)];
  for (let time = 0; time < 3; time++) {
    expect(reader.read(copied(sheetOf((sheet) => writer.write(asked, sheet))))).toEqual(asked.map(plain));
  }
});

test('terms go once, and anew where one of them is another', () => {
  const writer = new ClaimWriter();
  const written = (...claims: readonly Claim[]): Sheet => sheetOf((sheet) => writer.write(claims, sheet));
  const terms = (...claims: readonly Claim[]): number => written(...claims)[3].length;
  expect(terms(limit('key:a', 5n), budget('key:a', 7n, 10n))).toBe(2);
  const again = written(budget('key:a', 8n, 10n), limit('key:a', 6n));
  expect([[...again[0]], ...again.slice(1)]).toEqual([[2, 1, 8, 0, 6], [], [], []]);
  const changed: Partial<Claim>[] = [
    { limit: 11n },
    { unit: 'requests' },
    { scope: 'key:b' },
    { window: minute },
    { label: 'other' },
    { outage: { allowance: 5n } },
    { whenShort: 'stop' },
    { kind: 'limit' },
  ];
  for (const one of changed) expect(terms({ ...budget('key:a', 8n, 10n), ...one })).toBe(1);
});

test('more terms than are remembered', () => {
  const [writer, reader] = [new ClaimWriter(), new ClaimReader()];
  for (let number = 0; number < 10_000; number++) {
    const asked = [limit('key:a', 1n), limit(`key:${number}`, BigInt(number))];
    expect(reader.read(new SheetReader(sheetOf((sheet) => writer.write(asked, sheet))))).toEqual(asked);
  }
});

test('grants arrive with what they have, and no more', () => {
  const grants: Grant[] = [
    { period: '', balance: { spent: 1n, reserved: 2n, limit: 3n, resetsAt: 4 } },
    { period: '2026-11', balance: { spent: 1n, reserved: 2n } },
  ];
  expect(readGrants(copied(sheetOf((sheet) => writeGrants(grants, sheet))))).toStrictEqual(grants);
});

test('a bill of the claims of its hold goes as numbers, any other one does not', () => {
  const claims = [limit('key:a', 5n), budget('key:a', 7n, 10n)];
  const grants = ['', '2026-11'].map((period) => ({ period, balance: { spent: 0n, reserved: 0n } }));
  const bill: Posting[] = claims.map(({ scope, unit, window, kind, amount }, index) => {
    const { period } = grants[index] as Grant;
    return { scope, unit, window: window.kind, name: window.name, period, kind, held: amount, actual: 3n };
  });
  expect(isBillOf(bill, claims, grants)).toBe(true);
  const sheet = sheetOf((one) => writeBill(bill, one));
  expect([...sheet[0]]).toEqual([2, 5, 3, 7, 3]);
  expect(readBill(copied(sheet), { claims, grants })).toEqual(bill);
  expect(isBillOf(bill.slice(1), claims, grants)).toBe(false);
  expect(isBillOf(bill.toReversed(), claims, grants)).toBe(false);
  for (const other of [{ period: 'x' }, { kind: 'limit' as const }, { name: 'x' }, { scope: 'x' }]) {
    expect(isBillOf([bill[0] as Posting, { ...(bill[1] as Posting), ...other }], claims, grants)).toBe(false);
  }
});

test('the bill of an unknown hold is passed over', () => {
  const sheet = sheetOf((one) => {
    writeBill([{ held: 1n, actual: 2n } as Posting], one);
    one.number(7);
  });
  const reader = copied(sheet);
  expect(readBill(reader, undefined)).toBeUndefined();
  expect(reader.number()).toBe(7);
});
