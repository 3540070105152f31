/** The contract of the service `state`, kept in a Redis and in a cluster that the test starts. */
import { randomUUID } from 'node:crypto';
import type { State } from '@gatewright/core';
import { stateSuite, type StateSuiteOptions } from '@gatewright/testkit';
import { startRedis, startRedisCluster, type RedisCluster, type RedisServer } from '@gatewright/testkit/servers';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { LedgerKeys } from './keys.ts';
import type { RedisState } from './redis-state.ts';
import { openState, type Given } from './state.test.kit.ts';

const LEASE = 60_000;

/** Opens states on servers, the clock of which is held by the test. */
function opening(servers: () => readonly RedisServer[], given: () => Given): StateSuiteOptions['open'] {
  return async ({ time, store }) => {
    const prefix = `t-${randomUUID()}`;
    const owners: RedisState[] = [];
    const tags = new Set(['ledger']);
    let now = time;
    // A ledger's clock never goes back: set ahead of the server's, it stands still.
    const setTag = async (tag: string): Promise<void> => {
      const command = ['hset', new LedgerKeys(prefix, tag).meta, 'clock', `${now}`];
      // In a cluster only one node takes it.
      const tries = await Promise.allSettled(servers().map((server) => server.command(...command)));
      if (!tries.some(({ status }) => status === 'fulfilled')) throw new Error('No server has taken the time.');
    };
    const setTime = async (to: number): Promise<void> => {
      now = to;
      for (const tag of tags) await setTag(tag);
    };
    /** Spread over tenants, every scope may have a ledger, whose clock must be set before it is opened. */
    const see = async (scopes: readonly { readonly scope: string }[]): Promise<void> => {
      for (const { scope } of given().ledger === 'by-tenant' ? scopes : []) {
        if (tags.has(scope)) continue;
        tags.add(scope);
        await setTag(scope);
      }
    };
    const seeing = (state: RedisState): State => ({
      board: state.board,
      reserve: (hold) => see(hold.claims).then(() => state.reserve(hold)),
      extend: (id, amounts) => state.extend(id, amounts),
      settle: (id, postings) => see(postings).then(() => state.settle(id, postings)),
      orphans: (most) => state.orphans(most),
      reclaim: (id, postings) => see(postings).then(() => state.reclaim(id, postings)),
      balances: (counters) => see(counters).then(() => state.balances(counters)),
    });
    await setTime(time);
    return {
      lease: LEASE,
      async owner() {
        const without = store === undefined ? ({ budgetsWithoutStore: 'zero' } as const) : { store };
        const state = await openState({ ...given(), prefix, lease: LEASE, commandTimeout: 2000, ...without });
        owners.push(state);
        return { state: seeing(state), renew: () => state.renew(), die: async () => state.abandon() };
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

describe('on a cluster of three', () => {
  let cluster: RedisCluster;
  const nodes = (): { host: string; port: number }[] => cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());

  describe.each(['one-slot', 'by-tenant'] as const)('the contract, with the ledger %s', (ledger) => {
    const open = opening(
      () => cluster.nodes,
      () => ({ cluster: nodes(), ledger }),
    );
    stateSuite({ describe, test }, { open });
  });
});
