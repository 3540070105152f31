/** Records are walked through in pages, and every answer says where the next goes on. */
import type { RecordPage, RecordQuery, StoredRecord } from '@gatewright/core';
import { expect, test } from 'vitest';
import { MOST, walk } from './walk.ts';

const idOf = (n: number): string => `r${String(n).padStart(6, '0')}`;
const record = (n: number): StoredRecord<number> => {
  return { kind: 'x', id: idOf(n), version: 1, value: n, created: 0, updated: 0 };
};

/** A store with so many records. */
function finding(count: number, asked: RecordQuery[] = []): (query: RecordQuery) => Promise<RecordPage<number>> {
  return async (query) => {
    asked.push(query);
    const { after, limit = 100 } = query;
    const from = after === undefined ? 0 : Number(after.slice(1)) + 1;
    const records = Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, n) => record(from + n));
    const next = from + records.length < count ? records.at(-1)?.id : undefined;
    return { records, ...(next === undefined ? {} : { next }) };
  };
}

test('one answer is made of so many records at most, and says where the rest begins', async () => {
  const first = await walk(finding(MOST + 5));
  expect([first.records.length, first.next]).toEqual([MOST, idOf(MOST - 1)]);
  const rest = await walk(finding(MOST + 5), { after: first.next });
  expect([rest.records.map(({ value }) => value), rest.next]).toEqual([
    [0, 1, 2, 3, 4].map((n) => MOST + n),
    undefined,
  ]);
});

test.each([
  [0, 1, 1],
  [1, 1, 1],
  [100, 7, 1],
  [100, 10, 3],
  [101, 40, 5],
  [300, 33, 7],
])(
  'of %i records, %i at a time and each %i., nothing is left out and nothing comes twice',
  async (count, most, every) => {
    const keep = ({ value }: StoredRecord<number>): boolean => value % every === 0;
    const seen: number[] = [];
    let after: string | undefined;
    do {
      const walked = await walk(finding(count), { after, most, keep });
      expect(walked.records.length).toBeLessThanOrEqual(most);
      seen.push(...walked.records.map(({ value }) => value));
      after = walked.next;
    } while (after !== undefined);
    expect(seen).toEqual(Array.from({ length: Math.ceil(count / every) }, (_, n) => n * every));
  },
);

test('where nothing is kept, the walk ends all the same, and can be gone on with', async () => {
  const asked: RecordQuery[] = [];
  const walked = await walk(finding(MOST * 2, asked), { keep: () => false });
  expect([walked.records, walked.next]).toEqual([[], idOf(MOST - 1)]);
  expect(asked).toHaveLength(MOST / 1000);
});
