/** The contract of the service `state`, kept in a Redis that the test starts. */
import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@gatewright/core';
import { stateSuite, type StateSuiteOptions } from '@gatewright/testkit';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { options } from './options.ts';
import { RedisState } from './redis-state.ts';

const LEASE = 60_000;
let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const open: StateSuiteOptions['open'] = async ({ time, store }) => {
  const prefix = `t-${randomUUID()}`;
  const meta = `${prefix}:{ledger}:meta`;
  const owners: RedisState[] = [];
  // The ledger's clock never goes back: set ahead of the server's, it stands still.
  const setTime = (to: number): Promise<string> => server.command('hset', meta, 'clock', `${to}`);
  await setTime(time);
  return {
    lease: LEASE,
    async owner() {
      const state = new RedisState({
        options: options.parse({ url: server.url, prefix, lease: LEASE, budgetsWithoutStore: 'zero' }),
        clock: systemClock,
        log: silentLogger,
        owner: randomUUID(),
        seeds: { store, withoutStore: 'zero', timeout: 1000 },
      });
      owners.push(state);
      await state.start();
      return { state, renew: () => state.renew(), die: async () => state.abandon() };
    },
    setTime: async (to) => void (await setTime(to)),
    close: async () => owners.forEach((owner) => owner.abandon()),
  };
};

describe('the contract', () => {
  stateSuite({ describe, test }, { open });
});
