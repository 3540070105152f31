/** The service `store` on a SQLite file: one thread that writes, and one that reports read from. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { usageRowFromJson, type Clock, type Store } from '@gatewright/core';
import { Connection } from './connection.ts';
import { flatten } from './flat-row.ts';
import { lock } from './lock.ts';

export interface SqliteStore extends Store {
  /** Resolves when the file is open and its tables are there. Rejects with `GW_STORE_UNAVAILABLE`. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Opens a file, and makes it and its folder where they are missing. Throws an Error where another gateway uses it. */
export function openStore(path: string, clock: Clock): SqliteStore {
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lock(path);
  const writer = new Connection(path);
  // A long report must not keep a request waiting that needs one record. It is opened when the tables are there.
  let reader: Connection | undefined;
  const reports = (): Connection => (reader ??= new Connection(path));
  const listeners = new Set<() => void>();
  return {
    ready: writer.ready,
    get: (kind, id) => writer.call('get', kind, id) as Promise<never>,
    find: (kind, query = {}) => writer.call('find', kind, query) as Promise<never>,
    async write(writes, audit = []) {
      const sequence = await writer.call('write', writes, audit, clock.now());
      for (const listener of listeners) listener();
      return sequence;
    },
    changes: (after, limit) => writer.call('changes', after, limit),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    audit: (query) => writer.call('audit', query),
    addUsage: (rows) => writer.call('addUsage', rows.map(flatten)),
    rollups: (scopes, since = 0) => writer.call('rollups', scopes, since),
    usage: async (query) => (await reports().call('usage', query)).map(usageRowFromJson),
    report: (query, by) => reports().call('report', query, by),
    epoch: () => writer.call('epoch'),
    raiseEpoch: (from) => writer.call('raiseEpoch', from),
    async close() {
      await reader?.close();
      await writer.close();
      unlock();
    },
  };
}
