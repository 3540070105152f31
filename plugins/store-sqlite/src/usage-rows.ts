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
      `INSERT INTO usage (id, type, time, row, ${COLUMNS}) VALUES (?, ?, ?, ?, ${places.join(', ')})
       ON CONFLICT (id) DO NOTHING`,
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
    return transaction(this.#database, () => {
      const sums = new Map<string, Added>();
      const outcomes = rows.map((row) => this.#addRow(row, sums));
      for (const { sum, amount, time } of sums.values()) this.#add.run(...sum.slice(0, 5), amount, time);
      return outcomes;
    });
  }

  #addRow(row: FlatRow, sums: Map<string, Added>): RowOutcome {
    if (this.#put(row, sums)) return 'new';
    const before = this.#get.get(row.id) as { type: string; row: string };
    if (before.type !== 'orphaned' || row.type !== 'final') {
      if (row.late && before.type === row.type) this.#mark.run(row.id);
      return 'duplicate';
    }
    for (const sum of storedSums(before.row)) post(sums, sum, -sum[5], row.time);
    this.#untag.run(row.id);
    this.#remove.run(row.id);
    this.#put(row, sums);
    this.#mark.run(row.id);
    return 'replaced';
  }

  /** Answers whether there was none of this id. */
  #put({ id, type, time, json, columns, tags, sums: own }: FlatRow, sums: Map<string, Added>): boolean {
    if (this.#insert.run(id, type, time, json, ...columns).changes === 0) return false;
    for (const tag of tags) this.#tag.run(tag, id);
    for (const sum of own) post(sums, sum, sum[5], time);
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

/** What the rows of one batch add to a sum: most are on the same few, and each is written once. */
interface Added {
  readonly sum: Sum;
  amount: bigint;
  time: number;
}

function post(sums: Map<string, Added>, sum: Sum, amount: bigint, time: number): void {
  const [scope, unit, window, name, period] = sum;
  // With lengths: a scope has whatever a client calls itself.
  const key = `${scope.length} ${scope} ${name.length} ${name} ${unit} ${window} ${period}`;
  const added = sums.get(key);
  if (added === undefined) {
    sums.set(key, { sum, amount, time });
    return;
  }
  added.amount += amount;
  if (time > added.time) added.time = time;
}

type StoredPosting = Omit<Posting, 'held' | 'actual'> & { readonly actual: string };

/** What a stored row added to the sums. */
function storedSums(json: string): Sum[] {
  const { postings } = JSON.parse(json) as { postings: readonly StoredPosting[] };
  const budgets = postings.filter(({ kind, window }) => kind === 'budget' && window !== 'held');
  return budgets.map((one) => [one.scope, one.unit, one.window, one.name, one.period, BigInt(one.actual)]);
}
