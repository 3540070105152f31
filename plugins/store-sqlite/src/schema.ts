/** The tables of the store, as the steps in which they came to be: each runs once, in one transaction, and is never changed. */
import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './transaction.ts';

const STEPS: readonly string[] = [
  `CREATE TABLE records (
     kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL,
     created INTEGER NOT NULL, updated INTEGER NOT NULL,
     PRIMARY KEY (kind, id)
   ) WITHOUT ROWID;
   CREATE TABLE record_index (
     kind TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
     PRIMARY KEY (kind, field, value, id)
   ) WITHOUT ROWID;
   CREATE INDEX record_index_id ON record_index (kind, id);
   CREATE TABLE changes (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL
   );
   CREATE TABLE audit (
     number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
     entry TEXT NOT NULL
   );
   CREATE INDEX audit_record ON audit (kind, id, number);
   CREATE TABLE usage (
     id TEXT PRIMARY KEY, type TEXT NOT NULL, time INTEGER NOT NULL, day TEXT NOT NULL, key TEXT NOT NULL,
     user TEXT NOT NULL, team TEXT NOT NULL, organisation TEXT NOT NULL, endUser TEXT NOT NULL,
     model TEXT NOT NULL, provider TEXT NOT NULL, upstreamModel TEXT NOT NULL, operation TEXT NOT NULL,
     result TEXT NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, nanos INTEGER NOT NULL, row TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX usage_time ON usage (time, id);
   CREATE INDEX usage_key ON usage (key, time);
   CREATE INDEX usage_team ON usage (team, time);
   CREATE TABLE usage_tags (tag TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tag, id)) WITHOUT ROWID;
   CREATE INDEX usage_tags_id ON usage_tags (id);
   CREATE TABLE rollups (
     scope TEXT NOT NULL, unit TEXT NOT NULL, window TEXT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL,
     spent INTEGER NOT NULL, touched INTEGER NOT NULL,
     PRIMARY KEY (scope, unit, window, name, period)
   ) WITHOUT ROWID;
   CREATE TABLE epoch (only INTEGER PRIMARY KEY CHECK (only = 1), epoch INTEGER NOT NULL);
   INSERT INTO epoch VALUES (1, 1);`,
  // What providers keep: few rows have it, and only those are in the index.
  `ALTER TABLE usage ADD COLUMN kept TEXT;
   CREATE INDEX usage_kept ON usage (kept, time) WHERE kept IS NOT NULL;`,
  // Rows in the order in which they come. In that of their ids each was written into another page: 66 µs and 30 kB of writes a
  // row, of which 21 and 5 are left.
  `CREATE TABLE usage_in_order (
     number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, time INTEGER NOT NULL, key TEXT NOT NULL,
     user TEXT NOT NULL, team TEXT NOT NULL, organisation TEXT NOT NULL, endUser TEXT NOT NULL,
     model TEXT NOT NULL, provider TEXT NOT NULL, upstreamModel TEXT NOT NULL, operation TEXT NOT NULL,
     result TEXT NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, nanos INTEGER NOT NULL, kept TEXT,
     day TEXT GENERATED ALWAYS AS (date(time / 1000, 'unixepoch')) VIRTUAL, row TEXT NOT NULL
   );
   INSERT INTO usage_in_order (
     id, type, time, key, user, team, organisation, endUser, model, provider, upstreamModel, operation, result, input,
     output, nanos, kept, row
   ) SELECT
     id, type, time, key, user, team, organisation, endUser, model, provider, upstreamModel, operation, result, input,
     output, nanos, kept, row
   FROM usage ORDER BY time, id;
   DROP TABLE usage;
   ALTER TABLE usage_in_order RENAME TO usage;
   CREATE INDEX usage_time ON usage (time);
   CREATE INDEX usage_key ON usage (key, time);
   CREATE INDEX usage_team ON usage (team, time);
   CREATE INDEX usage_kept ON usage (kept, time) WHERE kept IS NOT NULL;`,
  // What many rows have in common stands once, and rows name it by a number: 1,300 bytes of a row's writes became 600. Of earlier
  // rows the whole JSON stays with them, and their counters are none.
  `CREATE TABLE usage_who (
     number INTEGER PRIMARY KEY, key TEXT NOT NULL, user TEXT NOT NULL, team TEXT NOT NULL, organisation TEXT NOT NULL,
     model TEXT NOT NULL, provider TEXT NOT NULL, upstreamModel TEXT NOT NULL, operation TEXT NOT NULL, text TEXT UNIQUE
   );
   CREATE TABLE usage_counters (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
   INSERT INTO usage_who (key, user, team, organisation, model, provider, upstreamModel, operation)
     SELECT DISTINCT key, user, team, organisation, model, provider, upstreamModel, operation FROM usage;
   CREATE TABLE usage_by_number (
     number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, time INTEGER NOT NULL, who INTEGER NOT NULL,
     counters INTEGER, endUser TEXT NOT NULL, result TEXT NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
     nanos INTEGER NOT NULL, kept TEXT,
     day TEXT GENERATED ALWAYS AS (date(time / 1000, 'unixepoch')) VIRTUAL, row TEXT NOT NULL
   );
   INSERT INTO usage_by_number (id, type, time, who, endUser, result, input, output, nanos, kept, row)
     SELECT u.id, u.type, u.time, w.number, u.endUser, u.result, u.input, u.output, u.nanos, u.kept, u.row
     FROM usage u JOIN usage_who w USING (key, user, team, organisation, model, provider, upstreamModel, operation)
     ORDER BY u.number;
   DROP TABLE usage;
   ALTER TABLE usage_by_number RENAME TO usage;
   CREATE INDEX usage_time ON usage (time);
   CREATE INDEX usage_by_who ON usage (who, time);
   CREATE INDEX usage_kept ON usage (kept, time) WHERE kept IS NOT NULL;
   CREATE INDEX usage_who_key ON usage_who (key);
   CREATE INDEX usage_who_team ON usage_who (team);`,
  // Who has which rows is noted of many rows at once, in order. With each row, those of a thousand keys were written into a
  // thousand pages: 20 µs a row, of which 13 are left.
  `DROP INDEX usage_by_who;
   CREATE TABLE usage_of_who (
     who INTEGER NOT NULL, time INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (who, time, number)
   ) WITHOUT ROWID;
   INSERT INTO usage_of_who SELECT who, time, number FROM usage ORDER BY who, time, number;
   CREATE TABLE usage_noted (only INTEGER PRIMARY KEY CHECK (only = 1), upTo INTEGER NOT NULL);
   INSERT INTO usage_noted SELECT 1, COALESCE(MAX(number), 0) FROM usage;`,
];

/** Throws an Error where the tables are not those of this version, which must not change them now. */
export function checkVersion(database: DatabaseSync): void {
  if (versionOf(database) < STEPS.length) {
    throw new Error('its tables are those of an earlier version; the gateway brings them up to date when it starts');
  }
}

/** Throws an Error where a newer version has been here. */
function versionOf(database: DatabaseSync): number {
  const { user_version: at } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (at <= STEPS.length) return at;
  throw new Error(`its tables were made by a newer version (schema ${at}; this one knows ${STEPS.length})`);
}

/** Brings the tables to where this version needs them, or an earlier one did. Throws an Error where a newer version has been here. */
export function migrate(database: DatabaseSync, to = STEPS.length): void {
  while (versionOf(database) < to) {
    transaction(database, () => {
      // Another thread may have been faster.
      const step = versionOf(database);
      if (step < to) database.exec(`${STEPS[step]} PRAGMA user_version = ${step + 1};`);
    });
  }
}
