/** Rows are found by their key whether it is noted yet whose they are or not, and come back as they were. */
import { DatabaseSync } from 'node:sqlite';
import { usageLinesOf, usageRowFromJson, type UsageRow } from '@gatewright/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { conditions, ROWS } from './report.ts';
import { migrate } from './schema.ts';

let database: Database;
beforeEach(() => {
  database = openDatabase(':memory:', 'use');
});
afterEach(() => database.close());

const BUDGET = { scope: 'global', unit: 'nanos', window: 'total', name: 'total', period: '', kind: 'budget' } as const;
const LIMIT = { scope: 'key:k', unit: 'tokens', window: 'sliding', name: '1m', period: '', kind: 'limit' } as const;
const COUNTS = { cacheRead: 2, cacheWrite5m: 3, cacheWrite1h: 4, reasoning: 5, audioInput: 6, audioOutput: 7 };

const row = (more: Partial<UsageRow> = {}): UsageRow => ({
  id: 'gw_1-1',
  type: 'final',
  exchange: 'gw_1',
  time: 1_795_000_000_000,
  operation: 'chat',
  model: 'm',
  provider: 'p',
  upstreamModel: 'u',
  key: 'k',
  result: 'success',
  status: 200,
  stream: false,
  usageComplete: true,
  usage: { input: 11, output: 13, imageInput: 8, imageOutput: 9, ...COUNTS },
  nanos: 123_456n,
  price: 'list',
  duration: 1.234,
  upstreamId: 'chatcmpl-1',
  postings: [
    { ...LIMIT, held: 7n, actual: 70n },
    { ...BUDGET, held: 5n, actual: 50n },
  ],
  ...more,
});

const OTHERS: Readonly<Record<string, Partial<UsageRow>>> = {
  'like most': {},
  'with an id of its own': { id: 'own', exchange: 'gw_1' },
  'with an id to be escaped': { id: 'gw_"\\-1', exchange: 'gw_"\\' },
  'of an orphan': { type: 'orphaned' },
  'of an end user': { endUser: 'eve' },
  'with tags': { tags: ['a', 'b'] },
  'of a failure': { result: 'error', status: 500, error: { code: 'GW_UPSTREAM', message: 'no' } },
  'of a stream': { stream: true, timeToFirstToken: 1.5 },
  'with usage that is not all': { usageComplete: false },
  'with units': { usage: { ...row().usage, units: { images: 2 } } as never },
  'of much money': { nanos: 1_234_567_890_123_456_789n },
  'of a refund': { type: 'adjustment', nanos: -5n, postings: [{ ...BUDGET, held: 0n, actual: -50n }] },
  'with an id of its provider that looks like an end': { upstreamId: '",null,null' },
  'that is late': { late: true },
  'that its provider keeps': { kept: true },
};

test.each(Object.entries(OTHERS))('a row %s comes back and counts', (_name, more) => {
  const one = row(more);
  expect(database.addUsage(usageLinesOf([one]))).toEqual(['new']);
  expect(database.usage({ id: one.id }).map(usageRowFromJson)).toEqual([one]);
  const { nanos = 0n, postings } = one;
  expect(database.report({}, [])).toMatchObject([{ nanos, inputTokens: 34, outputTokens: 34 }]);
  expect(database.rollups(['global'], 0)).toMatchObject([{ spent: postings.at(-1)?.actual }]);
});

test('a row without usage, price or id of its provider comes back, and counts nothing', () => {
  const { usage, nanos, price, upstreamId, ...rest } = row();
  expect([usage, nanos, price, upstreamId].every((value) => value !== undefined)).toBe(true);
  database.addUsage(usageLinesOf([rest]));
  expect(database.usage({}).map(usageRowFromJson)).toEqual([rest]);
  expect(database.report({}, [])).toMatchObject([{ requests: 1, nanos: 0n, inputTokens: 0, outputTokens: 0 }]);
});

const KEYS = 3;
const numbered = (number: number, more: Partial<UsageRow> = {}): UsageRow =>
  row({ id: `gw_${number}-1`, exchange: `gw_${number}`, time: number, key: `k${number % KEYS}`, ...more });

/** So many that of most it is noted whose they are, and of some it is not. */
const MANY = 9000;
const BATCH = 500;

function addMany(): void {
  for (let from = 0; from < MANY; from += BATCH) {
    database.addUsage(usageLinesOf(Array.from({ length: BATCH }, (_, index) => numbered(from + index))));
  }
}

test('rows of a key are found among many, those that are noted and those that are not', () => {
  addMany();
  expect(database.report({ where: { key: 'k1' } }, [])).toMatchObject([{ requests: MANY / KEYS }]);
  expect(database.report({ where: { key: 'k1' }, from: 100, until: 400 }, [])).toMatchObject([{ requests: 100 }]);
  expect(database.report({ where: { key: 'k1' }, from: MANY - 300 }, [])).toMatchObject([{ requests: 100 }]);
  const newest = database.usage({ where: { key: 'k1' }, limit: 3 }).map((json) => usageRowFromJson(json).time);
  expect(newest).toEqual([MANY - 2, MANY - 5, MANY - 8]);
});

test('an orphan whose bill comes late is found under the key of that, once', () => {
  database.addUsage(usageLinesOf([numbered(MANY + 1, { type: 'orphaned', key: 'dead' })]));
  addMany();
  expect(database.addUsage(usageLinesOf([numbered(MANY + 1, { key: 'late' })]))).toEqual(['replaced']);
  expect(database.report({ where: { key: 'dead' } }, [])).toMatchObject([{ requests: 0 }]);
  expect(database.report({ where: { key: 'late' } }, [])).toMatchObject([{ requests: 1 }]);
});

test('for the rows of a key no other noted rows are looked at', () => {
  const { sql, values } = conditions({ where: { key: 'k1' } });
  const tables = new DatabaseSync(':memory:');
  migrate(tables);
  const plan = tables.prepare(`EXPLAIN QUERY PLAN SELECT u.id FROM ${ROWS} WHERE ${sql}`).all(...values);
  const steps = plan.map(({ detail }) => String(detail));
  expect(steps.filter((step) => /^SCAN (u|w|k|o|usage)\b/.test(step))).toEqual([]);
  expect(steps.join()).toContain('SEARCH o USING PRIMARY KEY (who=?');
  tables.close();
});
