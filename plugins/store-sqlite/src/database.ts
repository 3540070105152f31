/** The database as a set of methods by name; it lives on a thread of its own. */
import { DatabaseSync } from 'node:sqlite';
import type { AuditEntry, RecordQuery, RecordWrite, UsageField, UsageQuery } from '@gatewright/core';
import { usageRowsIn } from '@gatewright/core/wire';
import { Records, type AuditQuery } from './records.ts';
import { report } from './report.ts';
import { checkVersion, migrate } from './schema.ts';
import { UsageRows } from './usage-rows.ts';

/** How long a statement waits for a lock of another process, in milliseconds: a backup tool holds one for moments. */
const PATIENCE = 5000;

/** Pages of WAL (16 MB) before they go into the tables: what many batches write goes there once. 5 % of a row's time. */
const CHECKPOINT = 4000;

export type Database = ReturnType<typeof openDatabase>;

/** `use` a file, or only `look` into it. */
export type Mode = 'use' | 'look';

/**
 * Opens the file, and makes or brings up to date its tables, unless it is only looked into. Throws an Error that says why
 * where it cannot.
 */
export function openDatabase(path: string, mode: Mode) {
  const database = new DatabaseSync(path, { timeout: PATIENCE, readOnly: mode === 'look' });
  if (mode === 'look') checkVersion(database);
  else {
    // FULL: a commit that was answered survives the loss of power (https://www.sqlite.org/pragma.html#pragma_synchronous).
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT}; PRAGMA temp_store = MEMORY`);
    migrate(database);
  }
  const records = new Records(database);
  const usage = new UsageRows(database);
  const epoch = database.prepare('SELECT epoch FROM epoch');
  const raise = database.prepare('UPDATE epoch SET epoch = epoch + 1 WHERE epoch = ?');
  const readEpoch = (): number => (epoch.get() as { epoch: number }).epoch;
  return {
    get: (kind: string, id: string) => records.get(kind, id),
    find: (kind: string, query: RecordQuery) => records.find(kind, query),
    write: (writes: readonly RecordWrite[], audit: readonly AuditEntry[], now: number) =>
      records.write(writes, audit, now),
    changes: (after: number, limit?: number) => records.changes(after, limit),
    audit: (query: AuditQuery) => records.audit(query),
    addUsage: (lines: Uint8Array) => usage.add(usageRowsIn(lines)),
    rollups: (scopes: readonly string[], since: number) => usage.rollups(scopes, since),
    epoch: readEpoch,
    raiseEpoch(from: number): number {
      raise.run(from);
      return readEpoch();
    },
    usage: (query: UsageQuery & { readonly before?: string; readonly limit?: number }) => usage.list(query),
    report: (query: UsageQuery, by: readonly UsageField[]) => report(database, query, by),
    close(): void {
      database.close();
    },
  };
}
