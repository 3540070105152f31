/** Rows go to the store once, in few batches, and who waits for them waits for what is on its way too. */
import {
  silentLogger,
  systemClock,
  usageRowsIn,
  usageRowToJson,
  type RowOutcome,
  type Store,
  type UsageRow,
} from '@gatewright/core';
import { expect, test } from 'vitest';
import { Uploader } from './uploader.ts';

const row = (id: string): Buffer =>
  Buffer.from(
    usageRowToJson({
      id,
      type: 'final',
      result: 'success',
      exchange: id,
      postings: [],
    } as Partial<UsageRow> as UsageRow),
  );

/** A store that answers when it is told to. */
class SlowStore {
  readonly batches: (readonly string[])[] = [];
  answer: (() => void) | undefined;
  readonly store = {
    addUsage: (lines: Uint8Array) =>
      new Promise<RowOutcome[]>((resolve) => {
        const rows = usageRowsIn(lines);
        this.batches.push(rows);
        this.answer = () => resolve(rows.map(() => 'new'));
      }),
  } as Partial<Store> as Store;
}

function open(): { slow: SlowStore; uploader: Uploader } {
  const slow = new SlowStore();
  const parts = { store: slow.store, clock: systemClock, log: silentLogger, onStored: () => undefined };
  return { slow, uploader: new Uploader(parts) };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

test('two that flush at once both wait for the one batch that is on its way', async () => {
  const { slow, uploader } = open();
  const counts: number[] = [];
  uploader.add(row('a'), 1, { stored: (count) => counts.push(count) });
  const done: string[] = [];
  const flushes = ['first', 'second'].map((name) => uploader.flush().then(() => done.push(name)));
  await turns();
  expect([slow.batches.length, done, uploader.waiting]).toEqual([1, [], 1]);
  slow.answer?.();
  await Promise.all(flushes);
  expect([slow.batches.length, counts, uploader.waiting]).toEqual([1, [1], 0]);
});

test('a batch has five hundred rows, and each source is told of its own', async () => {
  const { slow, uploader } = open();
  const told: Record<string, number> = { one: 0, two: 0 };
  for (const [name, rows] of [
    ['one', 700],
    ['two', 300],
  ] as const) {
    const source = { stored: (count: number) => void (told[name] = (told[name] ?? 0) + count) };
    for (let n = 0; n < rows; n++) uploader.add(row(`${name}-${n}`), 1, source);
  }
  const flushed = uploader.flush();
  for (let batch = 1; batch <= 2; batch++) {
    await turns();
    expect(slow.batches.map(({ length }) => length)).toEqual(Array.from({ length: batch }, () => 500));
    slow.answer?.();
  }
  await flushed;
  expect(told).toEqual({ one: 700, two: 300 });
  await uploader.close(0);
});
