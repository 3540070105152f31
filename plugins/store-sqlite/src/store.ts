/** The service `store` on a SQLite file: one thread that writes, and one that reports read from. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { usageRowFromJson, type Clock, type Store } from '@gatewright/core';
import { Connection } from './connection.ts';
import { lock } from './lock.ts';
import { SharedMemory } from './shared-memory.ts';

export interface SqliteStore extends Store {
  /** Resolves when the file is open and its tables are there. Rejects with `GW_STORE_UNAVAILABLE`. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Opens a file, and makes it and its folder where they are missing. Throws an Error where another gateway uses it. */
export function openStore(path: string, clock: Clock): SqliteStore {
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lock(path);
  const writer = new Connection(path, 'use');
  // A long report must not keep a request waiting that needs one record. It is opened when the tables are there.
  let reader: Connection | undefined;
  const reports = (): Connection => (reader ??= new Connection(path, 'use'));
  return {
    ...storeOn(() => writer, reports, clock),
    ready: writer.ready,
    async close() {
      await reader?.close();
      await writer.close();
      unlock();
    },
  };
}

/** Reads a file that another gateway may be using; nothing is written, and it is opened when it is first asked, or asked to be ready. */
export function lookInto(path: string, clock: Clock): SqliteStore {
  let opened: Connection | undefined;
  const look = (): Connection => {
    // Where no file is, there are no records either.
    opened ??= existsSync(path) ? new Connection(path, 'look') : new Connection(':memory:', 'use');
    return opened;
  };
  const close = async (): Promise<void> => opened?.close();
  return {
    ...storeOn(look, look, clock),
    // The start of a thread, on a busy machine, must not be in the time that a request has for what a budget had spent.
    get ready() {
      return look().ready;
    },
    close,
  };
}

function storeOn(records: () => Connection, reports: () => Connection, clock: Clock): Store {
  const listeners = new Set<() => void>();
  const memory = new SharedMemory();
  return {
    get: (kind, id) => records().call('get', kind, id) as Promise<never>,
    find: (kind, query = {}) => records().call('find', kind, query) as Promise<never>,
    async write(writes, audit = []) {
      const sequence = await records().call('write', writes, audit, clock.now());
      for (const listener of listeners) listener();
      return sequence;
    },
    changes: (after, limit) => records().call('changes', after, limit),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    audit: (query) => records().call('audit', query),
    addUsage: (lines) => memory.lend(lines, (copy) => records().call('addUsage', copy)),
    rollups: (scopes, since = 0) => records().call('rollups', scopes, since),
    usage: async (query) => (await reports().call('usage', query)).map(usageRowFromJson),
    report: (query, by) => reports().call('report', query, by),
    epoch: () => records().call('epoch'),
    raiseEpoch: (from) => records().call('raiseEpoch', from),
  };
}
