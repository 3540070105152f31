/** The contract of the service `state`, kept in a Redis and in a cluster that the test starts. */
import { randomUUID } from 'node:crypto';
import { stateSuite, type StateSuiteOptions } from '@gatewright/testkit';
import { startRedis, startRedisCluster, type RedisCluster, type RedisServer } from '@gatewright/testkit/servers';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { RedisState } from './redis-state.ts';
import { openState, type Given } from './state.test.kit.ts';

const LEASE = 60_000;

/** Opens states on servers, the clock of which is held by the test. */
function opening(servers: () => readonly RedisServer[], given: () => Given): StateSuiteOptions['open'] {
  return async ({ time, store }) => {
    const prefix = `t-${randomUUID()}`;
    const owners: RedisState[] = [];
    // A ledger's clock never goes back: set ahead of the server's, it stands still.
    const setTime = async (to: number): Promise<void> => {
      const tags = new Set(['ledger', ...owners.flatMap((owner) => owner.tags)]);
      for (const tag of tags) {
        const command = ['hset', `${prefix}:{${tag}}:meta`, 'clock', `${to}`];
        // In a cluster only one node takes it.
        const tries = await Promise.allSettled(servers().map((server) => server.command(...command)));
        if (!tries.some(({ status }) => status === 'fulfilled')) throw new Error('No server has taken the time.');
      }
    };
    await setTime(time);
    return {
      lease: LEASE,
      async owner() {
        const without = store === undefined ? ({ budgetsWithoutStore: 'zero' } as const) : { store };
        const state = await openState({ ...given(), prefix, lease: LEASE, commandTimeout: 2000, ...without });
        owners.push(state);
        return { state, renew: () => state.renew(), die: async () => state.abandon() };
      },
      setTime,
      close: async () => owners.forEach((owner) => owner.abandon()),
    };
  };
}

describe('the contract, on one server', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  const open = opening(
    () => [server],
    () => ({ url: server.url }),
  );
  stateSuite({ describe, test }, { open });
});

describe('the contract, on a cluster of three', () => {
  let cluster: RedisCluster;
  const nodes = (): { host: string; port: number }[] => cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());
  const open = opening(
    () => cluster.nodes,
    () => ({ cluster: nodes() }),
  );
  stateSuite({ describe, test }, { open });
});
