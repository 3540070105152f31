/** Opens stores for tests: a SQLite file of its own, or a schema of a PostgreSQL server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { silentLogger, systemClock, type Clock, type Plugin, type SetupContext, type Store } from '@gatewright/core';
import postgres from '@gatewright/store-postgres';
import sqlite from '@gatewright/store-sqlite';

export interface OpenedStore {
  readonly store: Store;
  /** Resolves when no call of the store is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** What a store's plugin provides, set up without a gateway. */
async function opened(plugin: Plugin, options: unknown, clock: Clock): Promise<OpenedStore> {
  const stores: Store[] = [];
  const ready: (() => Promise<void> | void)[] = [];
  const closing: (() => Promise<void> | void)[] = [];
  const context = {
    provide: (_name: string, store: Store) => stores.push(store),
    share: <T>(_key: string, open: () => T, close: (value: T) => void | Promise<void>): T => {
      const value = open();
      closing.push(() => close(value));
      return value;
    },
    onReady: (task: () => Promise<void> | void) => ready.push(task),
    onDispose: (task: () => Promise<void>) => closing.push(task),
    clock,
    log: silentLogger,
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(options));
  for (const task of ready) await task();
  const [store] = stores;
  if (store === undefined) throw new Error('The plugin provided no store.');
  return {
    ...watched(store),
    async close() {
      for (const close of closing) await close();
    },
  };
}

/** The store, with a count of the calls that are under way. */
function watched(store: Store): { store: Store; idle: () => Promise<void> } {
  let calls = 0;
  const proxy = new Proxy(store, {
    get(target, name: keyof Store) {
      const method = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]): unknown => {
        const answer = method.apply(target, args);
        if (!(answer instanceof Promise)) return answer;
        calls++;
        return answer.finally(() => calls--);
      };
    },
  });
  return {
    store: proxy,
    async idle() {
      do await turn();
      while (calls > 0);
    },
  };
}

export async function openSqlite(clock: Clock = systemClock): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-keys-'));
  const { close, ...open } = await openSqliteAt(join(folder, 'records.db'), clock);
  return { ...open, close: () => close().then(() => rmSync(folder, { recursive: true })) };
}

/** A file that stays when it is closed. */
export function openSqliteAt(path: string, clock: Clock = systemClock): Promise<OpenedStore> {
  return opened(sqlite, { path }, clock);
}

/** A replica's handle on a schema; several may be opened on the same. */
export function openPostgres(url: string, schema: string, timeout = 5000): Promise<OpenedStore> {
  return opened(postgres, { url, schema, timeout, poolSize: 4 }, systemClock);
}
