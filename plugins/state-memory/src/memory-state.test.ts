/** The contract of the service `state`, kept in memory. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '@gatewright/core';
import { stateSuite, type OpenState, type StateSuiteOptions } from '@gatewright/testkit';
import { describe, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { MemoryState } from './memory-state.ts';

const LEASE = 60_000;

const open: StateSuiteOptions['open'] = async ({ time, store }) => {
  let now = time;
  // Timers never fire: the suite says when somebody renews.
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  const ledger = new Ledger(clock, { lease: LEASE, seedTimeout: 1000, store });
  const opened: OpenState = {
    lease: LEASE,
    async owner() {
      const state = new MemoryState(ledger, randomUUID());
      return { state, renew: async () => state.renew(), die: async () => state.close() };
    },
    async setTime(to) {
      now = to;
    },
    close: async () => undefined,
  };
  return opened;
};

describe('the contract', () => {
  stateSuite({ describe, test }, { open });
});
