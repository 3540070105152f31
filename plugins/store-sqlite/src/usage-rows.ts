/** Usage rows and the sums of their postings, as statements: each row counts once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Posting, Rollup, RowOutcome, UsageQuery } from '@gatewright/core';
import { COLUMNS, type FlatRow, type Sum } from './columns.ts';
import { conditions } from './report.ts';
import { transaction } from './transaction.ts';

const MOST = 1000;
const USUAL = 100;

export class UsageRows {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #insert: StatementSync;
  readonly #tag: StatementSync;
  readonly #remove: StatementSync;
  readonly #untag: StatementSync;
  readonly #mark: StatementSync;
  readonly #add: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#database = database;
    this.#get = prepare('SELECT type, row FROM usage WHERE id = ?');
    const places = COLUMNS.split(',').map(() => '?');
    this.#insert = prepare(
      `INSERT INTO usage (id, type, time, row, ${COLUMNS}) VALUES (?, ?, ?, ?, ${places.join(', ')})`,
    );
    this.#tag = prepare('INSERT INTO usage_tags (tag, id) VALUES (?, ?)');
    this.#remove = prepare('DELETE FROM usage WHERE id = ?');
    this.#untag = prepare('DELETE FROM usage_tags WHERE id = ?');
    this.#mark = prepare(`UPDATE usage SET row = json_set(row, '$.late', json('true')) WHERE id = ?`);
    this.#add = prepare(
      `INSERT INTO rollups (scope, unit, window, name, period, spent, touched) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET spent = spent + excluded.spent, touched = MAX(touched, excluded.touched)`,
    );
  }

  add(rows: readonly FlatRow[]): RowOutcome[] {
    return transaction(this.#database, () => rows.map((row) => this.#addRow(row)));
  }

  #addRow(row: FlatRow): RowOutcome {
    const before = this.#get.get(row.id) as { type: string; row: string } | undefined;
    if (before === undefined) {
      this.#put(row);
      return 'new';
    }
    if (before.type !== 'orphaned' || row.type !== 'final') {
      if (row.late && before.type === row.type) this.#mark.run(row.id);
      return 'duplicate';
    }
    for (const sum of storedSums(before.row)) this.#post(sum, -sum[5], row.time);
    this.#untag.run(row.id);
    this.#remove.run(row.id);
    this.#put(row);
    this.#mark.run(row.id);
    return 'replaced';
  }

  #put({ id, type, time, json, columns, tags, sums }: FlatRow): void {
    this.#insert.run(id, type, time, json, ...columns);
    for (const tag of tags) this.#tag.run(tag, id);
    for (const sum of sums) this.#post(sum, sum[5], time);
  }

  #post([scope, unit, window, name, period]: Sum, amount: bigint, time: number): void {
    this.#add.run(scope, unit, window, name, period, amount, time);
  }

  rollups(scopes: readonly string[], since: number): Rollup[] {
    const places = scopes.map(() => '?').join(', ');
    const statement = this.#database.prepare(
      `SELECT scope, unit, window, name, period, spent FROM rollups WHERE scope IN (${places}) AND touched >= ?`,
    );
    statement.setReadBigInts(true);
    return statement.all(...scopes, since) as unknown as Rollup[];
  }

  /** Rows as JSON, newest first. */
  list(query: UsageQuery & { readonly before?: string; readonly limit?: number }): string[] {
    const { sql, values } = conditions(query);
    const { before, limit = USUAL } = query;
    const page = before === undefined ? '' : 'AND (u.time, u.id) < (SELECT time, id FROM usage WHERE id = ?)';
    const statement = this.#database.prepare(
      `SELECT u.row AS row FROM usage u WHERE ${sql} ${page} ORDER BY u.time DESC, u.id DESC LIMIT ?`,
    );
    const found = statement.all(...values, ...(before === undefined ? [] : [before]), Math.min(limit, MOST));
    return (found as unknown as { row: string }[]).map(({ row }) => row);
  }
}

type StoredPosting = Omit<Posting, 'held' | 'actual'> & { readonly actual: string };

/** What a stored row added to the sums. */
function storedSums(json: string): Sum[] {
  const { postings } = JSON.parse(json) as { postings: readonly StoredPosting[] };
  const budgets = postings.filter(({ kind, window }) => kind === 'budget' && window !== 'held');
  return budgets.map((one) => [one.scope, one.unit, one.window, one.name, one.period, BigInt(one.actual)]);
}
