/** The tables of the store, as the steps in which they came to be: each runs once, in one transaction, and is never changed. */
import type { ClientBase } from 'pg';

/** Text is compared by its bytes (`COLLATE "C"`): pages must have one order, whatever the database's language is. */
const STEPS: readonly string[] = [
  `CREATE TABLE records (
     kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, version integer NOT NULL, value text NOT NULL,
     created bigint NOT NULL, updated bigint NOT NULL,
     PRIMARY KEY (kind, id)
   );
   CREATE TABLE record_index (
     kind text COLLATE "C" NOT NULL, field text NOT NULL, value text NOT NULL, id text COLLATE "C" NOT NULL,
     PRIMARY KEY (kind, field, value, id)
   );
   CREATE INDEX record_index_id ON record_index (kind, id);
   CREATE TABLE changes (
     sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, id text NOT NULL,
     version integer NOT NULL
   );
   CREATE TABLE audit (
     number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, time bigint NOT NULL, kind text NOT NULL,
     id text NOT NULL, entry text NOT NULL
   );
   CREATE INDEX audit_record ON audit (kind, id, number);
   CREATE TABLE usage (
     id text COLLATE "C" PRIMARY KEY, type text NOT NULL, time bigint NOT NULL, day text NOT NULL, key text NOT NULL,
     "user" text NOT NULL, team text NOT NULL, organisation text NOT NULL, end_user text NOT NULL,
     model text NOT NULL, provider text NOT NULL, upstream_model text NOT NULL, operation text NOT NULL,
     result text NOT NULL, input bigint NOT NULL, output bigint NOT NULL, nanos bigint NOT NULL, "row" text NOT NULL
   );
   CREATE INDEX usage_time ON usage (time, id);
   CREATE INDEX usage_key ON usage (key, time);
   CREATE INDEX usage_team ON usage (team, time);
   CREATE TABLE usage_tags (tag text NOT NULL, id text COLLATE "C" NOT NULL, PRIMARY KEY (tag, id));
   CREATE INDEX usage_tags_id ON usage_tags (id);
   CREATE TABLE rollups (
     scope text COLLATE "C" NOT NULL, unit text NOT NULL, "window" text NOT NULL, name text NOT NULL,
     period text NOT NULL, spent bigint NOT NULL, touched bigint NOT NULL,
     PRIMARY KEY (scope, unit, "window", name, period)
   );
   CREATE TABLE epoch (single boolean PRIMARY KEY CHECK (single), epoch bigint NOT NULL);
   INSERT INTO epoch VALUES (true, 1);`,
  // What providers keep: few rows have it, and only those are in the index.
  `ALTER TABLE usage ADD COLUMN kept text COLLATE "C";
   CREATE INDEX usage_kept ON usage (kept, time) WHERE kept IS NOT NULL;`,
];

/** One number for "the tables of a gatewright store are being changed", the same in every process. */
const MIGRATING = 7_461_001;

/**
 * Brings the tables to where this version needs them; replicas that start together wait for the one that is first.
 * Throws an Error where a newer version has been here, or where a step fails: then nothing of that step is left.
 */
export async function migrate(client: ClientBase, schema: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATING]);
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.migrations (step integer PRIMARY KEY, at timestamptz DEFAULT now())`,
    );
    const { rows } = await client.query<{ at: number }>(
      `SELECT COALESCE(MAX(step), 0) AS at FROM ${schema}.migrations`,
    );
    const at = rows[0]?.at ?? 0;
    if (at > STEPS.length) {
      throw new Error(`its tables were made by a newer version (schema ${at}; this one knows ${STEPS.length})`);
    }
    for (let step = at; step < STEPS.length; step++) await runStep(client, schema, step);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATING]);
  }
}

async function runStep(client: ClientBase, schema: string, step: number): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL search_path TO ${schema}`);
    await client.query(STEPS[step] as string);
    await client.query(`INSERT INTO ${schema}.migrations (step) VALUES ($1)`, [step + 1]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`step ${step + 1} of its tables failed, and nothing of it was kept: ${reason}`, { cause });
  }
}
