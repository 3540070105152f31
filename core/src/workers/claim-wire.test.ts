/** What a worker asks for arrives as it was asked, and in few bytes once it was asked before. */
import { expect, test } from 'vitest';
import type { Claim, ClaimWindow, Grant, Posting } from '../state.ts';
import { ClaimReader, ClaimWriter, isBillOf, readBill, readGrants, writeBill, writeGrants } from './claim-wire.ts';
import { FrameWriter, type FrameReader } from './frame.ts';
import { arrived } from './frame.test.kit.ts';

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

/** What was written, as the other process has it. */
const sent = (write: (frame: FrameWriter) => void): FrameReader => {
  const frame = new FrameWriter();
  write(frame);
  return arrived(frame);
};
const plain = ({ actual: _actual, seen: _seen, ...claim }: Claim): object => claim;

test('claims arrive without what only the worker can do with them', () => {
  const [writer, reader] = [new ClaimWriter(), new ClaimReader()];
  const asked = [limit('key:a', 5n), budget('key:a', 7n, 10n), budget('team:b', 7n)];
  for (let time = 0; time < 3; time++) {
    expect(reader.read(sent((frame) => writer.write(asked, frame)))).toEqual(asked.map(plain));
  }
});

test('terms go once, and anew where one of them is another', () => {
  const writer = new ClaimWriter();
  const size = (...claims: readonly Claim[]): number => {
    const frame = new FrameWriter();
    writer.write(claims, frame);
    return frame.bytes.length;
  };
  const first = size(limit('key:a', 5n), budget('key:a', 7n, 10n));
  // How many cells and claims, and of each its terms' number and its amount.
  const known = 8 * (2 + 2 * 2);
  expect(first).toBeGreaterThan(3 * known);
  expect(size(budget('key:a', 8n, 10n), limit('key:a', 6n))).toBe(known);
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
  for (const one of changed) {
    const anew = { ...budget('key:a', 8n, 10n), ...one };
    expect(size(anew)).toBeGreaterThan(8 * 10);
    expect(size(anew)).toBe(8 * (2 + 2));
  }
});

test('more terms than are remembered', () => {
  const [writer, reader] = [new ClaimWriter(), new ClaimReader()];
  for (let number = 0; number < 10_000; number++) {
    const asked = [limit('key:a', 1n), limit(`key:${number}`, BigInt(number))];
    expect(reader.read(sent((frame) => writer.write(asked, frame)))).toEqual(asked);
  }
});

test('grants arrive with what they have, and no more', () => {
  const grants: Grant[] = [
    { period: '', balance: { spent: 1n, reserved: 2n, limit: 100n, resetsAt: 4 } },
    { period: '2026-11', balance: { spent: 1n, reserved: 2n, limit: 3n } },
    { period: '2026-11', balance: { spent: 2n ** 70n, reserved: -2n } },
    { period: '', balance: { spent: 1n, reserved: 2n } },
  ];
  const claims = [limit('key:a', 5n), budget('key:a', 5n, 9n), budget('key:b', 5n, 9n), budget('key:c', 5n)];
  expect(
    readGrants(
      sent((frame) => writeGrants(grants, claims, frame)),
      claims,
    ),
  ).toStrictEqual(grants);
});

test('a bill of the claims of its hold goes as numbers, any other one does not', () => {
  const claims = [limit('key:a', 5n), budget('key:a', 7n, 10n)];
  const grants = ['', '2026-11'].map((period) => ({ period, balance: { spent: 0n, reserved: 0n } }));
  const bill: Posting[] = claims.map(({ scope, unit, window, kind, amount }, index) => {
    const { period } = grants[index] as Grant;
    return { scope, unit, window: window.kind, name: window.name, period, kind, held: amount, actual: 3n };
  });
  expect(isBillOf(bill, claims, grants)).toBe(true);
  expect(
    readBill(
      sent((frame) => writeBill(bill, frame)),
      { claims, grants },
    ),
  ).toEqual(bill);
  expect(isBillOf(bill.slice(1), claims, grants)).toBe(false);
  expect(isBillOf(bill.toReversed(), claims, grants)).toBe(false);
  for (const other of [{ period: 'x' }, { kind: 'limit' as const }, { name: 'x' }, { scope: 'x' }]) {
    expect(isBillOf([bill[0] as Posting, { ...(bill[1] as Posting), ...other }], claims, grants)).toBe(false);
  }
});

test('the bill of an unknown hold is passed over', () => {
  const frame = sent((one) => {
    writeBill([{ held: 1n, actual: 2n } as Posting], one);
    one.number(7);
  });
  expect(readBill(frame, undefined)).toBeUndefined();
  expect(frame.number()).toBe(7);
});
