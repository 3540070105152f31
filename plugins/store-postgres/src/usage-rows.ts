/** Usage rows and the sums of their postings: each row counts once. */
import {
  usageRowFromJson,
  usageRowToJson,
  type Rollup,
  type RowOutcome,
  type UsageQuery,
  type UsageRow,
} from '@gatewright/core';
import type { PoolClient } from 'pg';
import { COLUMNS } from './columns.ts';
import type { Connection } from './connection.ts';
import { conditions } from './report.ts';
import { Sums } from './sums.ts';

const MOST = 1000;
const USUAL = 100;

const INSERT = `INSERT INTO usage ("row", ${COLUMNS.map(({ name }) => name).join(', ')})
  SELECT * FROM unnest($1::text[], ${COLUMNS.map(({ type }, n) => `$${n + 2}::${type}[]`).join(', ')})
  ON CONFLICT (id) DO NOTHING RETURNING id`;

const ADD = `INSERT INTO rollups (scope, unit, "window", name, period, spent, touched)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
  ON CONFLICT (scope, unit, "window", name, period)
  DO UPDATE SET spent = rollups.spent + excluded.spent, touched = GREATEST(rollups.touched, excluded.touched)`;

export class UsageRows {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Rows as JSON. They go in the order of their ids, so that two batches with the same rows cannot wait for each other. */
  add(rows: readonly string[]): Promise<RowOutcome[]> {
    return this.#connection.transaction(async (client) => {
      const outcomes = new Map<number, RowOutcome>();
      const sums = new Sums();
      for (const round of rounds(rows)) {
        const inserted = await insert(client, round);
        for (const { row, place } of round) {
          if (inserted.has(row.id)) sums.add(row.postings, row.time);
          outcomes.set(place, inserted.has(row.id) ? 'new' : await replace(client, row, sums));
        }
      }
      await post(client, sums);
      return rows.map((_row, place) => outcomes.get(place) ?? 'duplicate');
    });
  }

  async rollups(scopes: readonly string[], since: number): Promise<Rollup[]> {
    return this.#connection.query<Rollup>(
      'SELECT scope, unit, "window", name, period, spent FROM rollups WHERE scope = ANY($1) AND touched >= $2',
      [scopes, since],
    );
  }

  /** Rows, newest first. */
  async list(query: UsageQuery & { readonly before?: string; readonly limit?: number }): Promise<UsageRow[]> {
    const { before, limit = USUAL } = query;
    const { sql, values } = conditions(query);
    const at = values.length;
    const page = before === undefined ? '' : `AND (u.time, u.id) < (SELECT time, id FROM usage WHERE id = $${at + 2})`;
    const rows = await this.#connection.query<{ row: string }>(
      `SELECT u."row" AS row FROM usage u WHERE ${sql} ${page} ORDER BY u.time DESC, u.id DESC LIMIT $${at + 1}`,
      [...values, Math.min(limit, MOST), ...(before === undefined ? [] : [before])],
    );
    return rows.map(({ row }) => usageRowFromJson(row));
  }
}

interface Written {
  readonly row: UsageRow;
  readonly json: string;
}

interface Placed extends Written {
  readonly place: number;
}

/** Splits rows so that no id stands twice in a round; almost always there is one. */
function rounds(rows: readonly string[]): Placed[][] {
  const seen = new Map<string, number>();
  const found: Placed[][] = [];
  for (const [place, json] of rows.entries()) {
    const row = usageRowFromJson(json);
    const round = seen.get(row.id) ?? 0;
    seen.set(row.id, round + 1);
    (found[round] ??= []).push({ row, json, place });
  }
  return found.map((round) => round.toSorted((a, b) => (a.row.id < b.row.id ? -1 : 1)));
}

async function insert(client: PoolClient, written: readonly Written[]): Promise<Set<string>> {
  const rows = written.map(({ row }) => row);
  const columns = COLUMNS.map(({ of }) => rows.map(of));
  const result = await client.query<{ id: string }>(INSERT, [written.map(({ json }) => json), ...columns]);
  const inserted = new Set(result.rows.map(({ id }) => id));
  await insertTags(
    client,
    rows.filter(({ id }) => inserted.has(id)),
  );
  return inserted;
}

async function insertTags(client: PoolClient, rows: readonly UsageRow[]): Promise<void> {
  const tags = rows.flatMap(({ id, tags: own = [] }) => [...new Set(own)].map((tag) => ({ tag, id })));
  if (tags.length === 0) return;
  await client.query('INSERT INTO usage_tags (tag, id) SELECT * FROM unnest($1::text[], $2::text[])', [
    tags.map(({ tag }) => tag),
    tags.map(({ id }) => id),
  ]);
}

/** Puts a final row in the place of an orphaned one. */
async function replace(client: PoolClient, row: UsageRow, sums: Sums): Promise<RowOutcome> {
  if (row.type !== 'final') return 'duplicate';
  const removed = await client.query<{ row: string }>(
    `DELETE FROM usage WHERE id = $1 AND type = 'orphaned' RETURNING "row" AS row`,
    [row.id],
  );
  const before = removed.rows[0];
  if (before === undefined) {
    if (row.late === true) await markLate(client, row.id);
    return 'duplicate';
  }
  await client.query('DELETE FROM usage_tags WHERE id = $1', [row.id]);
  const late = { ...row, late: true };
  await insert(client, [{ row: late, json: usageRowToJson(late) }]);
  sums.add(usageRowFromJson(before.row).postings, row.time, -1n);
  sums.add(row.postings, row.time);
  return 'replaced';
}

async function markLate(client: PoolClient, id: string): Promise<void> {
  const { rows } = await client.query<{ row: string }>(
    `SELECT "row" AS row FROM usage WHERE id = $1 AND type = 'final' FOR UPDATE`,
    [id],
  );
  const [found] = rows;
  if (found === undefined) return;
  const marked = usageRowToJson({ ...usageRowFromJson(found.row), late: true });
  await client.query(`UPDATE usage SET "row" = $2 WHERE id = $1`, [id, marked]);
}

async function post(client: PoolClient, sums: Sums): Promise<void> {
  const sorted = sums.sorted();
  if (sorted.length === 0) return;
  const counters = [0, 1, 2, 3, 4].map((n) => sorted.map(({ counter }) => counter[n]));
  await client.query(ADD, [...counters, sorted.map(({ amount }) => amount), sorted.map(({ touched }) => touched)]);
}
