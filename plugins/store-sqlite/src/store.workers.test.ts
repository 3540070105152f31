/** The contract of the service `store`, on a file that one process has and others use through it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { remoteStore, systemClock, type ServiceLink, type Store } from '@gatewright/core';
import { storeSuite } from '@gatewright/testkit';
import { afterEach, beforeEach, describe, test } from 'vitest';
import { openStore } from './store.ts';

const copy = <T>(value: T): T => deserialize(serialize(value)) as T;

/** The store as a worker has it: what goes between the processes is copied. */
function workerOf(store: Store): { store: Store; close: () => void } {
  const listeners = new Map<string, Set<(value: never) => void>>();
  const served = remoteStore.serve(store, (topic, value) => {
    for (const listener of listeners.get(topic) ?? []) listener(copy(value) as never);
  });
  const link: ServiceLink = {
    call: async (method, ...args) => copy(await served.call(method, copy(args))) as never,
    on(topic, listener) {
      const list = listeners.get(topic) ?? new Set();
      listeners.set(topic, list.add(listener));
      return () => list.delete(listener);
    },
  };
  return { store: remoteStore.connect(link), close: () => served.close() };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

storeSuite(
  { describe, test },
  {
    async open() {
      const store = openStore(join(folder, 'records.db'), systemClock);
      await store.ready;
      const [first, second] = [workerOf(store), workerOf(store)];
      return {
        store: first.store,
        replica: second.store,
        async close() {
          first.close();
          second.close();
          await store.close();
        },
      };
    },
  },
);
