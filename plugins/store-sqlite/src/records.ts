/** Records, the log of their changes and the audit entries, as statements. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuditEntry, Change, RecordPage, RecordQuery, RecordWrite, StoredRecord } from '@gatewright/core';
import { Conflict } from './conflict.ts';
import { transaction } from './transaction.ts';

const MOST = 1000;
const USUAL = 100;

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly value: string;
  readonly created: number;
  readonly updated: number;
}

export interface AuditQuery {
  readonly kind?: string;
  readonly id?: string;
  readonly before?: number;
  readonly limit?: number;
}

const toRecord = ({ value, ...row }: Row): StoredRecord => ({ ...row, value: JSON.parse(value) as unknown });

const WALK = 'SELECT * FROM records WHERE kind = ? AND id > ? ORDER BY id LIMIT ?';

/**
 * Finds records by one index field and so many others. CROSS JOIN holds SQLite to this order
 * (https://www.sqlite.org/optoverview.html#crossjoin): left alone it walks through every record of the kind.
 */
export function findBy(others: number): string {
  const joins = Array.from(
    { length: others },
    (_, n) =>
      `CROSS JOIN record_index o${n} ON o${n}.kind = i.kind AND o${n}.field = ? AND o${n}.value = ? AND o${n}.id = i.id`,
  );
  return `SELECT r.* FROM record_index i ${joins.join(' ')} CROSS JOIN records r ON r.kind = i.kind AND r.id = i.id
    WHERE i.kind = ? AND i.field = ? AND i.value = ? AND i.id > ? ORDER BY i.id LIMIT ?`;
}

export class Records {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #unindex: StatementSync;
  readonly #index: StatementSync;
  readonly #log: StatementSync;
  readonly #changes: StatementSync;
  readonly #last: StatementSync;
  readonly #note: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#database = database;
    this.#get = prepare('SELECT * FROM records WHERE kind = ? AND id = ?');
    this.#put = prepare(
      `INSERT INTO records (kind, id, version, value, created, updated) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value, updated = excluded.updated`,
    );
    this.#delete = prepare('DELETE FROM records WHERE kind = ? AND id = ?');
    this.#unindex = prepare('DELETE FROM record_index WHERE kind = ? AND id = ?');
    this.#index = prepare('INSERT OR IGNORE INTO record_index (kind, field, value, id) VALUES (?, ?, ?, ?)');
    this.#log = prepare('INSERT INTO changes (kind, id, version) VALUES (?, ?, ?)');
    this.#changes = prepare('SELECT * FROM changes WHERE sequence > ? ORDER BY sequence LIMIT ?');
    this.#last = prepare('SELECT COALESCE(MAX(sequence), 0) AS last FROM changes');
    this.#note = prepare('INSERT INTO audit (time, kind, id, entry) VALUES (?, ?, ?, ?)');
  }

  get(kind: string, id: string): StoredRecord | undefined {
    const row = this.#get.get(kind, id) as Row | undefined;
    return row === undefined ? undefined : toRecord(row);
  }

  find(kind: string, { where = {}, after = '', limit = USUAL }: RecordQuery): RecordPage {
    const [first, ...others] = Object.entries(where);
    const most = Math.min(limit, MOST);
    const values = first === undefined ? [kind, after] : [...others.flat(), kind, ...first, after];
    const statement = this.#database.prepare(first === undefined ? WALK : findBy(others.length));
    const rows = statement.all(...values, most + 1) as unknown as Row[];
    const records = rows.slice(0, most).map(toRecord);
    const last = records.at(-1);
    return rows.length > most && last !== undefined ? { records, next: last.id } : { records };
  }

  /** Throws {@link Conflict} where an expected version does not hold. */
  write(writes: readonly RecordWrite[], audit: readonly AuditEntry[], now: number): number {
    return transaction(this.#database, () => {
      for (const write of writes) this.#write(write, now);
      for (const entry of audit) this.#note.run(entry.time, entry.kind, entry.id, JSON.stringify(entry));
      return this.#lastSequence();
    });
  }

  #write({ kind, id, value, index = {}, expect }: RecordWrite, now: number): void {
    const before = this.#get.get(kind, id) as Row | undefined;
    const version = before?.version ?? 0;
    if (expect !== undefined && expect !== version) throw new Conflict(kind, id, expect, version);
    if (value === undefined && before === undefined) return;
    this.#unindex.run(kind, id);
    if (value === undefined) {
      this.#delete.run(kind, id);
      this.#log.run(kind, id, 0);
      return;
    }
    this.#put.run(kind, id, version + 1, JSON.stringify(value), before?.created ?? now, now);
    for (const [field, entries] of Object.entries(index)) {
      for (const entry of typeof entries === 'string' ? [entries] : entries) this.#index.run(kind, field, entry, id);
    }
    this.#log.run(kind, id, version + 1);
  }

  changes(after: number, limit = MOST): { changes: Change[]; last: number } {
    const changes = this.#changes.all(after, Math.min(limit, MOST)) as unknown as Change[];
    return { changes, last: this.#lastSequence() };
  }

  audit({ kind, id, before, limit = USUAL }: AuditQuery): AuditEntry[] {
    const wanted = { kind, id };
    const given = Object.entries(wanted).filter((one): one is [string, string] => one[1] !== undefined);
    const tests = given.map(([field]) => `${field} = ?`);
    if (before !== undefined) tests.push('time < ?');
    const where = tests.length === 0 ? '' : `WHERE ${tests.join(' AND ')}`;
    const values = [...given.map(([, value]) => value), ...(before === undefined ? [] : [before])];
    const statement = this.#database.prepare(`SELECT entry FROM audit ${where} ORDER BY number DESC LIMIT ?`);
    const rows = statement.all(...values, Math.min(limit, MOST)) as unknown as { entry: string }[];
    return rows.map(({ entry }) => JSON.parse(entry) as AuditEntry);
  }

  #lastSequence(): number {
    return (this.#last.get() as { last: number }).last;
  }
}
