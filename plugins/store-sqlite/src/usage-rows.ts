/** Usage rows and the sums of their postings, as statements: each row counts once. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Rollup, RowOutcome, UsageQuery, UsageRow } from '@gatewright/core';
import { usageRowFromJson, usageRowToJson } from '@gatewright/core/wire';
import { SharedParts } from './shared-parts.ts';
import { flatten, headOf, type FlatRow } from './flat-row.ts';
import { conditions, ROWS, UNNOTED_ROWS } from './report.ts';
import { budgetsAmong, Sums, type Budgets } from './sums.ts';
import { transaction } from './transaction.ts';

const MOST = 1000;
const USUAL = 100;

const COLUMNS = 'id, type, time, who, counters, endUser, result, input, output, nanos, kept, row';

/** Rows of one statement: what a statement costs by itself is as much as what a row does. */
const AT_ONCE = 25;

function insertOf(rows: number): string {
  const places = `(${COLUMNS.split(',')
    .map(() => '?')
    .join(', ')})`;
  const all = Array.from({ length: rows }, () => places).join(', ');
  return `INSERT INTO usage (${COLUMNS}) VALUES ${all} ON CONFLICT (id) DO NOTHING`;
}

/** Rows of which it is not noted whose they are: so many are looked through by who asks for those of one key. */
const UNNOTED = 8192;

/** A row among those that were to be new is there already. */
const KNOWN = new Error('A row is there already.');

/** A row as it is stored, with what it has in common with others. Of earlier versions all of it stands in `row`. */
interface StoredRow {
  readonly id: string;
  readonly time: number;
  readonly row: string;
  readonly who: string | null;
  readonly counters: string | null;
}

const NOTE = 'INSERT OR IGNORE INTO usage_of_who (who, time, number) SELECT who, time, number FROM usage';

const STORED = `SELECT u.id AS id, u.time AS time, u.row AS row, w.text AS who, c.text AS counters
  FROM ${ROWS} LEFT JOIN usage_counters c ON c.number = u.counters`;

export class UsageRows {
  readonly #database: DatabaseSync;
  readonly #who: SharedParts<undefined>;
  readonly #counters: SharedParts<Budgets>;
  #sums = new Sums();
  readonly #get: StatementSync;
  readonly #insert: StatementSync;
  readonly #insertMany: StatementSync;
  readonly #tag: StatementSync;
  readonly #remove: StatementSync;
  readonly #untag: StatementSync;
  readonly #rewrite: StatementSync;
  readonly #add: StatementSync;
  readonly #note: StatementSync;
  readonly #noteAll: StatementSync;
  readonly #noted: StatementSync;
  #unnoted: number;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#database = database;
    this.#who = new SharedParts(database, 'usage_who', OF_WHO, columnsOf, () => undefined);
    this.#counters = new SharedParts(database, 'usage_counters', [], () => [], budgetsAmong);
    this.#get = prepare(`${STORED} WHERE u.id = ?`);
    this.#insert = prepare(insertOf(1));
    this.#insertMany = prepare(insertOf(AT_ONCE));
    this.#tag = prepare('INSERT INTO usage_tags (tag, id) VALUES (?, ?)');
    this.#remove = prepare('DELETE FROM usage WHERE id = ?');
    this.#untag = prepare('DELETE FROM usage_tags WHERE id = ?');
    this.#rewrite = prepare('UPDATE usage SET who = ?, counters = ?, row = ? WHERE id = ?');
    this.#add = prepare(
      `INSERT INTO rollups (scope, unit, window, name, period, spent, touched) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET spent = spent + excluded.spent, touched = MAX(touched, excluded.touched)`,
    );
    this.#note = prepare(`${NOTE} WHERE id = ?`);
    this.#noteAll = prepare(`${NOTE} WHERE ${UNNOTED_ROWS} ORDER BY who, time, number`);
    this.#noted = prepare('UPDATE usage_noted SET upTo = COALESCE((SELECT MAX(number) FROM usage), 0)');
    const unnoted = prepare(`SELECT COUNT(*) AS rows FROM usage WHERE ${UNNOTED_ROWS}`).get();
    this.#unnoted = (unnoted as { rows: number }).rows;
  }

  /** Rows as JSON. */
  add(rows: readonly string[]): RowOutcome[] {
    // Nearly always all are new. Where one is not, none was added, and each is looked at.
    return this.#transaction(() => this.#addNew(rows)) ?? this.#transaction(() => this.#addEach(rows)) ?? [];
  }

  /** Undoes what the body did where it answers with undefined, or throws. */
  #transaction(body: () => RowOutcome[] | undefined): RowOutcome[] | undefined {
    try {
      return transaction(this.#database, () => {
        const outcomes = body();
        if (outcomes === undefined) throw KNOWN;
        for (const { counter, amount, touched } of this.#sums.take()) {
          const { scope, unit, window, name, period } = counter;
          this.#add.run(scope, unit, window, name, period, amount, touched);
        }
        this.#noteWho(outcomes.length);
        return outcomes;
      });
    } catch (error) {
      // What was read and summed so far is of a transaction that never was.
      this.#who.forget();
      this.#counters.forget();
      this.#sums = new Sums();
      if (error === KNOWN) return undefined;
      throw error;
    }
  }

  #noteWho(more: number): void {
    this.#unnoted += more;
    if (this.#unnoted < UNNOTED) return;
    this.#noteAll.run();
    this.#noted.run();
    this.#unnoted = 0;
  }

  /** What is read of some rows is garbage before the next are read: little of it is ever moved by a collection. */
  #addNew(rows: readonly string[]): RowOutcome[] | undefined {
    const many = rows.length - (rows.length % AT_ONCE);
    for (let from = 0; from < many; from += AT_ONCE) {
      const values: SQLInputValue[] = [];
      for (let at = from; at < from + AT_ONCE; at++) {
        const row = flatten(rows[at] as string);
        this.#putValues(row, values);
        this.#count(row);
      }
      if (this.#insertMany.run(...values).changes !== AT_ONCE) return undefined;
    }
    for (let at = many; at < rows.length; at++) if (!this.#put(flatten(rows[at] as string))) return undefined;
    return rows.map(() => 'new');
  }

  #addEach(rows: readonly string[]): RowOutcome[] {
    return rows.map(flatten).map((row) => (this.#put(row) ? 'new' : this.#addKnown(row)));
  }

  /** A row whose id is there. */
  #addKnown(flat: FlatRow): RowOutcome {
    const { id, type, late } = flat;
    const before = usageRowFromJson(wholeOf(this.#get.get(id) as unknown as StoredRow));
    if (before.type !== 'orphaned' || type !== 'final') {
      if (late && before.type === type) this.#markLate(before);
      return 'duplicate';
    }
    const was = flatten(usageRowToJson(before));
    this.#sums.add(this.#counters.of(was.counters).read, was.amounts, was.time, -1n);
    this.#untag.run(id);
    this.#remove.run(id);
    this.#put(flatten(usageRowToJson({ ...usageRowFromJson(wholeOf(flat)), late: true })));
    // It may have the number of the one before it.
    this.#note.run(id);
    return 'replaced';
  }

  /** Answers whether there was none of this id. */
  #put(row: FlatRow): boolean {
    const values: SQLInputValue[] = [];
    this.#putValues(row, values);
    if (this.#insert.run(...values).changes === 0) return false;
    this.#count(row);
    return true;
  }

  /** In the order of {@link COLUMNS}. */
  #putValues(flat: FlatRow, values: SQLInputValue[]): void {
    const { id, type, time, endUser, result, input, output, nanos, kept, row } = flat;
    const who = this.#who.of(flat.who).number;
    const counters = this.#counters.of(flat.counters).number;
    values.push(id, type, time, who, counters, endUser, result, input, output, nanos, kept, row);
  }

  #count({ id, time, tags, amounts, counters }: FlatRow): void {
    if (tags !== null) for (const tag of new Set(tags)) this.#tag.run(tag, id);
    this.#sums.add(this.#counters.of(counters).read, amounts, time);
  }

  #markLate(row: UsageRow): void {
    const flat = flatten(usageRowToJson({ ...row, late: true }));
    this.#rewrite.run(this.#who.of(flat.who).number, this.#counters.of(flat.counters).number, flat.row, row.id);
    this.#note.run(row.id);
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
    const statement = this.#database.prepare(`${STORED} WHERE ${sql} ${page} ORDER BY u.time DESC, u.id DESC LIMIT ?`);
    const found = statement.all(...values, ...(before === undefined ? [] : [before]), Math.min(limit, MOST));
    return (found as unknown as StoredRow[]).map(wholeOf);
  }
}

function wholeOf({ id, time, row, who, counters }: StoredRow): string {
  if (who === null || counters === null) return row;
  const [head = '', used = '', amounts = ''] = row.split('\t');
  return [head === '' ? headOf(id, time) : head, who, used, counters, amounts].join('\t');
}

const OF_WHO = ['operation', 'model', 'provider', 'upstreamModel', 'key', 'user', 'team', 'organisation'];

/** Behind a comma: the operation, the surface, and the others in their order. */
function columnsOf(who: string): string[] {
  const [operation, , ...others] = JSON.parse(`[${who.slice(1)}]`) as (string | null)[];
  return [operation, ...others].map((value) => value ?? '');
}
