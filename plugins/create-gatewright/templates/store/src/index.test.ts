/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pluginSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import { storeSuite } from '@gatewright/testkit';
import type { SetupContext } from '@gatewright/core';
import { MemoryStore } from './records.ts';

// What every plugin keeps. The suite of its role, where the testkit has one, belongs here too.
pluginSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options: { name: 'main' } },
);

// What every store keeps. With a database, open a new schema for each test, and a second connection as the replica.
describe('the contract of stores', () => {
  storeSuite(
    { describe, test },
    {
      async open() {
        const store = new MemoryStore();
        return { store, replica: store, close: async () => undefined };
      },
    },
  );
});

test('the plugin provides what it declares', async () => {
  const provided: string[] = [];
  const context = {
    provide: (name: string) => provided.push(name),
    share: (_key: string, open: () => unknown) => open(),
  };
  await plugin.setup(context as unknown as SetupContext, { name: 'main' });
  assert.deepEqual(provided, plugin.provides);
});
