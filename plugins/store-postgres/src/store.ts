/** The service `store` on PostgreSQL. */
import { GatewayError, usageRowsIn, type Clock, type Logger, type Store } from '@gatewright/core';
import { Client } from 'pg';
import { Connection, unavailable, type ConnectionOptions } from './connection.ts';
import { Listener } from './listener.ts';
import { Records } from './records.ts';
import { report } from './report.ts';
import { migrate } from './schema.ts';
import { UsageRows } from './usage-rows.ts';

export interface PostgresStore extends Store {
  close(): Promise<void>;
}

/** How long a report may take, in milliseconds. */
const REPORT_TIMEOUT = 60_000;

/** Connects, and makes or brings up to date the tables. Rejects with `GW_STORE_UNAVAILABLE` where it cannot. */
export async function openStore(options: ConnectionOptions, clock: Clock, log: Logger): Promise<PostgresStore> {
  await migrateFirst(options);
  return storeOn(options, clock, log);
}

/** Reads what is there when it is asked; nothing is made, and nobody listens for changes. */
export function lookInto(options: ConnectionOptions, clock: Clock, log: Logger): PostgresStore {
  return { ...storeOn(options, clock, log), onChange: () => () => undefined };
}

function storeOn(options: ConnectionOptions, clock: Clock, log: Logger): PostgresStore {
  const connection = new Connection(options, log);
  // Reports run apart: a long one must not take the connections that requests need.
  const reports = new Connection({ ...options, poolSize: 1, timeout: REPORT_TIMEOUT }, log);
  const records = new Records(connection);
  const usage = new UsageRows(connection);
  const listener = new Listener(options.url, clock, log);
  const epoch = async (): Promise<number> => {
    const [row] = await connection.query<{ epoch: bigint }>('SELECT epoch FROM epoch');
    if (row === undefined) throw new GatewayError('GW_STORE_UNAVAILABLE', 'PostgreSQL has lost the epoch.');
    return Number(row.epoch);
  };
  return {
    get: (kind, id) => records.get(kind, id) as Promise<never>,
    find: (kind, query = {}) => records.find(kind, query) as Promise<never>,
    write: (writes, audit = []) => records.write(writes, audit, clock.now()),
    changes: (after, limit) => records.changes(after, limit),
    onChange: (heard) => listener.add(heard),
    audit: (query) => records.audit(query),
    addUsage: (lines) => usage.add(usageRowsIn(lines)),
    rollups: (scopes, since = 0) => usage.rollups(scopes, since),
    usage: (query) => new UsageRows(reports).list(query),
    report: (query, by) => report(reports, query, by),
    epoch,
    async raiseEpoch(from) {
      await connection.query('UPDATE epoch SET epoch = epoch + 1 WHERE epoch = $1', [from]);
      return epoch();
    },
    async close() {
      await listener.close();
      await Promise.all([connection.close(), reports.close()]);
    },
  };
}

/** On a connection of its own: a change of large tables may take longer than any request may. */
async function migrateFirst({ url, schema, timeout }: ConnectionOptions): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'gatewright',
    connectionTimeoutMillis: timeout,
  });
  // The query that meets it is told as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await migrate(client, schema);
  } catch (error) {
    throw unavailable(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
