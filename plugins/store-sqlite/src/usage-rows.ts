/** Usage rows and the sums of their postings, as statements: each row counts once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Rollup, RowOutcome, UsageQuery } from '@gatewright/core';
import { usageRowFromJson, usageRowToJson } from '@gatewright/core/wire';
import { COLUMNS, flatten, type FlatRow } from './flat-row.ts';
import { conditions } from './report.ts';
import { Sums } from './sums.ts';
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
  readonly #rewrite: StatementSync;
  readonly #add: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#database = database;
    this.#get = prepare('SELECT row FROM usage WHERE id = ?');
    const places = COLUMNS.split(',').map(() => '?');
    this.#insert = prepare(`INSERT INTO usage (${COLUMNS}) VALUES (${places.join(', ')}) ON CONFLICT (id) DO NOTHING`);
    this.#tag = prepare('INSERT INTO usage_tags (tag, id) VALUES (?, ?)');
    this.#remove = prepare('DELETE FROM usage WHERE id = ?');
    this.#untag = prepare('DELETE FROM usage_tags WHERE id = ?');
    this.#rewrite = prepare('UPDATE usage SET row = ? WHERE id = ?');
    this.#add = prepare(
      `INSERT INTO rollups (scope, unit, window, name, period, spent, touched) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET spent = spent + excluded.spent, touched = MAX(touched, excluded.touched)`,
    );
  }

  add(rows: readonly FlatRow[]): RowOutcome[] {
    return transaction(this.#database, () => {
      const sums = new Sums();
      const outcomes = rows.map((row) => this.#addRow(row, sums));
      for (const { counter, amount, touched } of sums.all()) {
        const { scope, unit, window, name, period } = counter;
        this.#add.run(scope, unit, window, name, period, amount, touched);
      }
      return outcomes;
    });
  }

  #addRow(flat: FlatRow, sums: Sums): RowOutcome {
    if (this.#put(flat, sums)) return 'new';
    const { row } = flat;
    const before = usageRowFromJson((this.#get.get(row.id) as { row: string }).row);
    if (before.type !== 'orphaned' || row.type !== 'final') {
      if (row.late === true && before.type === row.type)
        this.#rewrite.run(usageRowToJson({ ...before, late: true }), row.id);
      return 'duplicate';
    }
    sums.add(before, -1n);
    this.#untag.run(row.id);
    this.#remove.run(row.id);
    this.#put(flatten(usageRowToJson({ ...row, late: true })), sums);
    return 'replaced';
  }

  /** Answers whether there was none of this id. */
  #put({ row, values }: FlatRow, sums: Sums): boolean {
    if (this.#insert.run(...values).changes === 0) return false;
    if (row.tags !== undefined) for (const tag of new Set(row.tags)) this.#tag.run(tag, row.id);
    sums.add(row);
    return true;
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
