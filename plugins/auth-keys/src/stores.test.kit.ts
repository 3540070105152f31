/** Opens stores for tests: a SQLite file of its own, or a schema of a PostgreSQL server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, type Clock, type Plugin, type SetupContext, type Store } from '@gatewright/core';
import postgres from '@gatewright/store-postgres';
import sqlite from '@gatewright/store-sqlite';

export interface OpenedStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** What a store's plugin provides, set up without a gateway. */
async function opened(plugin: Plugin, options: unknown, clock: Clock): Promise<OpenedStore> {
  const stores: Store[] = [];
  const closing: (() => Promise<void> | void)[] = [];
  const context = {
    provide: (_name: string, store: Store) => stores.push(store),
    share: <T>(_key: string, open: () => T, close: (value: T) => void | Promise<void>): T => {
      const value = open();
      closing.push(() => close(value));
      return value;
    },
    onDispose: (task: () => Promise<void>) => closing.push(task),
    clock,
    log: silentLogger,
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(options));
  const [store] = stores;
  if (store === undefined) throw new Error('The plugin provided no store.');
  return {
    store,
    async close() {
      for (const close of closing) await close();
    },
  };
}

export async function openSqlite(clock: Clock = systemClock): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-keys-'));
  const { store, close } = await opened(sqlite, { path: join(folder, 'records.db') }, clock);
  return { store, close: () => close().then(() => rmSync(folder, { recursive: true })) };
}

/** A replica's handle on a schema; several may be opened on the same. */
export function openPostgres(url: string, schema: string, timeout = 5000): Promise<OpenedStore> {
  return opened(postgres, { url, schema, timeout, poolSize: 4 }, systemClock);
}
