/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pluginSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import type { Clock, SetupContext } from '@gatewright/core';
import { ManualClock, stateSuite } from '@gatewright/testkit';
import { Counters } from './counters.ts';

// What every plugin keeps. The suite of its role, where the testkit has one, belongs here too.
pluginSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options: { lease: 60_000 } },
);

const LEASE = 60_000;

// What every state keeps. With a server, flush it for each test, and give every owner a connection of its own.
describe('the contract of states', () => {
  stateSuite(
    { describe, test },
    {
      async open({ time, store }) {
        let now = time;
        // Timers never fire: the suite says when somebody renews.
        const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
        const counters = new Counters(clock, { lease: LEASE, seedTimeout: 1000, store });
        return {
          lease: LEASE,
          async owner() {
            const state = counters.owner();
            return { state, renew: async () => state.renew(), die: async () => state.close() };
          },
          async setTime(to) {
            now = to;
          },
          close: async () => undefined,
        };
      },
      // It carries no notices between replicas. One that does gives its `State` a `board`, and leaves this out.
      board: false,
    },
  );
});

test('the plugin provides what it declares', async () => {
  const provided: string[] = [];
  const context = {
    provide: (name: string) => provided.push(name),
    useIfPresent: () => undefined,
    share: (_key: string, open: () => unknown) => open(),
    clock: new ManualClock(),
  };
  await plugin.setup(context as unknown as SetupContext, { lease: LEASE, seedTimeout: 1000 });
  assert.deepEqual(provided, plugin.provides);
});
