/** Rows that an earlier version has stored are there after its tables were changed, and count as before. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock, usageLinesOf, type UsageRow } from '@gatewright/core';
import { usageRowToJson } from '@gatewright/core/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from './schema.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-schema-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const COUNTER = { scope: 'global', unit: 'nanos', window: 'total', name: 'total', period: '', kind: 'budget' } as const;

const row = (id: string, type: UsageRow['type'], time: number): UsageRow => ({
  id,
  type,
  exchange: id,
  time,
  operation: 'chat',
  model: 'm',
  provider: 'p',
  upstreamModel: 'u',
  key: 'k',
  tags: ['a'],
  result: 'success',
  status: 200,
  stream: false,
  usageComplete: true,
  nanos: 7n,
  duration: 1,
  postings: [{ ...COUNTER, held: 9n, actual: 7n }],
});

/** As the version that knew two steps wrote it: all of the row as an object. */
function storeAsBefore(database: DatabaseSync, { id, type, time, ...rest }: UsageRow): void {
  const json = JSON.stringify({ id, type, time, ...rest }, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  database
    .prepare(
      `INSERT INTO usage VALUES (?, ?, ?, '2026-11-22', 'k', '', '', '', '', 'm', 'p', 'u', 'chat', 'success', 0, 0, 7, ?, NULL)`,
    )
    .run(id, type, time, json);
  database.prepare('INSERT INTO usage_tags VALUES (?, ?)').run('a', id);
}

test('rows of the second version', async () => {
  const file = join(folder, 'old.db');
  const database = new DatabaseSync(file);
  migrate(database, 2);
  const noon = Date.UTC(2026, 10, 22, 12);
  const [later, earlier] = [row('a', 'final', noon + 1), row('b', 'orphaned', noon)];
  for (const one of [later, earlier]) storeAsBefore(database, one);
  database.exec(`INSERT INTO rollups VALUES ('global', 'nanos', 'total', 'total', '', 14, ${noon})`);
  database.close();

  const store = openStore(file, systemClock);
  expect(await store.usage({})).toEqual([later, earlier]);
  const [report] = await store.report({ where: { tag: 'a' } }, ['day']);
  expect(report).toMatchObject({ group: { day: '2026-11-22' }, requests: 2, nanos: 14n });
  const final = { ...row('b', 'final', noon), postings: [{ ...COUNTER, held: 9n, actual: 5n }] };
  expect(await store.addUsage(usageLinesOf([later, final]))).toEqual(['duplicate', 'replaced']);
  expect(await store.rollups(['global'])).toMatchObject([{ spent: 12n }]);
  expect(await store.usage({ id: 'b' })).toEqual([{ ...final, late: true }]);
  await store.close();
});

test('rows of the fourth version', async () => {
  const file = join(folder, 'fourth.db');
  const database = new DatabaseSync(file);
  migrate(database, 4);
  const noon = Date.UTC(2026, 10, 22, 12);
  const rows = [row('gw_2-1', 'final', noon + 1), row('gw_1-1', 'final', noon)];
  database.exec(`INSERT INTO usage_who VALUES (3, 'k', '', '', '', 'm', 'p', 'u', 'chat', NULL)`);
  for (const one of rows.toReversed()) {
    database
      .prepare(
        `INSERT INTO usage (id, type, time, who, endUser, result, input, output, nanos, row) VALUES (?, ?, ?, 3, '', 'success', 0, 0, 7, ?)`,
      )
      .run(one.id, one.type, one.time, usageRowToJson(one));
  }
  database.close();

  const store = openStore(file, systemClock);
  const later = row('gw_3-1', 'final', noon + 2);
  await store.addUsage(usageLinesOf([later, { ...rows[0], late: true } as UsageRow]));
  expect(await store.usage({ where: { key: 'k' } })).toEqual([later, { ...rows[0], late: true }, rows[1]]);
  expect(await store.report({ where: { key: 'k' }, until: noon + 2 }, [])).toMatchObject([{ requests: 2, nanos: 14n }]);
  await store.close();
});
