/** The contract of the service `store`, on a file that one process has and others use through it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remoteStore, systemClock } from '@gatewright/core';
import { inWorker, storeSuite } from '@gatewright/testkit';
import { afterEach, beforeEach, describe, test } from 'vitest';
import { openStore } from './store.ts';

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
      const [first, second] = [inWorker(remoteStore, store), inWorker(remoteStore, store)];
      return {
        store: first.service,
        replica: second.service,
        async close() {
          first.served.close();
          second.served.close();
          await store.close();
        },
      };
    },
  },
);
