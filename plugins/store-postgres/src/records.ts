/** Records, the log of their changes and the audit entries. */
import {
  GatewayError,
  type AuditEntry,
  type Change,
  type RecordPage,
  type RecordQuery,
  type RecordWrite,
  type StoredRecord,
} from '@gatewright/core';
import type { PoolClient } from 'pg';
import type { Connection } from './connection.ts';

const MOST = 1000;
const USUAL = 100;

/** The channel on which replicas are told that the log has grown. */
export const CHANNEL = 'gatewright_changes';

/** One number for "the log of changes is being written": its sequences become readable in their order. */
const WRITING = 7_461_002;

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly value: string;
  readonly created: bigint;
  readonly updated: bigint;
}

const toRecord = ({ kind, id, version, value, created, updated }: Row): StoredRecord => ({
  kind,
  id,
  version,
  value: JSON.parse(value) as unknown,
  created: Number(created),
  updated: Number(updated),
});

export class Records {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async get(kind: string, id: string): Promise<StoredRecord | undefined> {
    const rows = await this.#connection.query<Row>('SELECT * FROM records WHERE kind = $1 AND id = $2', [kind, id]);
    return rows[0] === undefined ? undefined : toRecord(rows[0]);
  }

  async find(kind: string, { where = {}, after = '', limit = USUAL }: RecordQuery): Promise<RecordPage> {
    const most = Math.min(limit, MOST);
    const values: unknown[] = [kind, after, most + 1];
    const joins = Object.entries(where).map(([field, value], n) => {
      values.push(field, value);
      const at = values.length;
      return `JOIN record_index i${n} ON i${n}.kind = r.kind AND i${n}.id = r.id AND i${n}.field = $${at - 1} AND i${n}.value = $${at}`;
    });
    const sql = `SELECT r.* FROM records r ${joins.join(' ')} WHERE r.kind = $1 AND r.id > $2 ORDER BY r.id LIMIT $3`;
    const rows = await this.#connection.query<Row>(sql, values);
    const records = rows.slice(0, most).map(toRecord);
    const last = records.at(-1);
    return rows.length > most && last !== undefined ? { records, next: last.id } : { records };
  }

  write(writes: readonly RecordWrite[], audit: readonly AuditEntry[], now: number): Promise<number> {
    return this.#connection.transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [WRITING]);
      for (const write of writes) await writeRecord(client, write, now);
      for (const entry of audit) {
        const values = [entry.time, entry.kind, entry.id, JSON.stringify(entry)];
        await client.query('INSERT INTO audit (time, kind, id, entry) VALUES ($1, $2, $3, $4)', values);
      }
      await client.query(`NOTIFY ${CHANNEL}`);
      const { rows } = await client.query<{ last: bigint }>(LAST);
      return Number(rows[0]?.last);
    });
  }

  async changes(after: number, limit = MOST): Promise<{ changes: Change[]; last: number }> {
    const sql = 'SELECT sequence, kind, id, version FROM changes WHERE sequence > $1 ORDER BY sequence LIMIT $2';
    const rows = await this.#connection.query<Omit<Change, 'sequence'> & { sequence: bigint }>(sql, [
      after,
      Math.min(limit, MOST),
    ]);
    const [end] = await this.#connection.query<{ last: bigint }>(LAST);
    const changes = rows.map(({ sequence, kind, id, version }) => ({ sequence: Number(sequence), kind, id, version }));
    return { changes, last: Number(end?.last) };
  }

  async audit(query: { kind?: string; id?: string; before?: number; limit?: number }): Promise<AuditEntry[]> {
    const { kind, id, before, limit = USUAL } = query;
    const rows = await this.#connection.query<{ entry: string }>(
      `SELECT entry FROM audit
       WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR id = $2) AND ($3::bigint IS NULL OR time < $3)
       ORDER BY number DESC LIMIT $4`,
      [kind ?? null, id ?? null, before ?? null, Math.min(limit, MOST)],
    );
    return rows.map(({ entry }) => JSON.parse(entry) as AuditEntry);
  }
}

const LAST = 'SELECT COALESCE(MAX(sequence), 0) AS last FROM changes';

async function writeRecord(client: PoolClient, write: RecordWrite, now: number): Promise<void> {
  const { kind, id, value, index = {}, expect } = write;
  const { rows } = await client.query<Row>('SELECT version, created FROM records WHERE kind = $1 AND id = $2', [
    kind,
    id,
  ]);
  const before = rows[0];
  const version = before?.version ?? 0;
  if (expect !== undefined && expect !== version) throw conflict(write, version);
  if (value === undefined && before === undefined) return;
  await client.query('DELETE FROM record_index WHERE kind = $1 AND id = $2', [kind, id]);
  const log = 'INSERT INTO changes (kind, id, version) VALUES ($1, $2, $3)';
  if (value === undefined) {
    await client.query('DELETE FROM records WHERE kind = $1 AND id = $2', [kind, id]);
    await client.query(log, [kind, id, 0]);
    return;
  }
  await client.query(
    `INSERT INTO records (kind, id, version, value, created, updated) VALUES ($1, $2, $3, $4, $5, $5)
     ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, value = excluded.value, updated = excluded.updated`,
    [kind, id, version + 1, JSON.stringify(value), now],
  );
  const entries = Object.entries(index).flatMap(([field, one]) => [one].flat().map((text) => ({ field, text })));
  if (entries.length > 0) {
    await client.query(
      `INSERT INTO record_index (kind, id, field, value) SELECT $1, $2, * FROM unnest($3::text[], $4::text[])
       ON CONFLICT DO NOTHING`,
      [kind, id, entries.map(({ field }) => field), entries.map(({ text }) => text)],
    );
  }
  await client.query(log, [kind, id, version + 1]);
}

function conflict({ kind, id, expect }: RecordWrite, found: number): GatewayError {
  const is = found === 0 ? 'does not exist' : `has version ${found}`;
  const wanted = expect === 0 ? 'it was not to exist' : `version ${expect} was expected`;
  return new GatewayError('GW_CONFLICT', `The ${kind} "${id}" ${is}, and ${wanted}.`);
}
