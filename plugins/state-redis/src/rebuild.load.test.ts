/** Losses under load: no budget is passed, nothing is forgotten, and nothing is counted that was not spent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SumsStore } from '@gatewright/testkit';
import { startRedis, startRedisCluster, type RedisServer } from '@gatewright/testkit/servers';
import { expect, test } from 'vitest';
import { Account, FakeJournal, work } from './load.test.kit.ts';
import { LedgerKeys } from './keys.ts';
import { budget, eventually, openState, standing, type Given } from './state.test.kit.ts';

/** Three processes work on one budget while `faults` happen. Holds the state against the account when they are done. */
async function underLoad(given: Given, faults: () => Promise<void>): Promise<void> {
  const store = new SumsStore();
  const account = new Account();
  const claim = budget('team:a', { amount: 10n, limit: 400n });
  const wide = budget('global', { amount: 10n, limit: 100_000n });
  const stop = new AbortController();
  const states = await Promise.all([1, 2, 3].map(() => openState({ ...given, store })));
  const working = states.flatMap((state, index) => {
    const journal = new FakeJournal(store);
    state.follow(journal);
    const one = { claims: [claim, wide] as const, account, journal, signal: stop.signal };
    return ['x', 'y', 'z'].map((name) => work(`${index}${name}`, state, one));
  });
  try {
    await faults();
  } finally {
    stop.abort();
  }
  await Promise.all(working);
  const [first] = states;
  if (first === undefined) throw new Error('There is no process.');
  expect(account.held).toBe(0n);
  expect(account.peak).toBeLessThanOrEqual(400n);
  expect(account.spent).toBeGreaterThan(0n);
  // What was reserved without an answer is given back a little later.
  await eventually(async () => (await standing(first, claim))?.[1] === 0n && (await standing(first, wide))?.[1] === 0n);
  expect(await standing(first, claim)).toEqual([account.spent, 0n]);
  expect(await standing(first, wide)).toEqual([account.spent, 0n]);
  for (const state of states) state.abandon();
}

test('restarted empty, twice', async () => {
  const server = await startRedis();
  await underLoad({ url: server.url }, async () => {
    for (let round = 0; round < 2; round++) {
      await sleep(150);
      await server.crash();
      await sleep(100);
      await server.start();
      await sleep(900);
    }
  });
  await server.stop();
});

test('hanging for longer than a lease, and flushed while it hangs', async () => {
  const server = await startRedis();
  await underLoad({ url: server.url }, async () => {
    await sleep(150);
    server.pause();
    await sleep(1200);
    server.resume();
    await sleep(300);
    await server.command('flushall');
    await sleep(1000);
  });
  await server.stop();
});

test('a cluster whose slots move', async () => {
  const cluster = await startRedisCluster();
  const nodes = cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  await underLoad({ cluster: nodes, commandTimeout: 1000 }, async () => {
    await sleep(150);
    await moveSlot(cluster.nodes, new LedgerKeys('gatewright', 'ledger').meta);
    await sleep(1200);
  });
  await cluster.stop();
});

test('a cluster that loses a primary, with the ledger spread over it', async () => {
  const cluster = await startRedisCluster();
  const nodes = cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  await underLoad({ cluster: nodes, ledger: 'by-tenant', commandTimeout: 1000 }, async () => {
    await sleep(300);
    const [node] = cluster.nodes;
    await node?.crash();
    await sleep(300);
    await node?.start();
    await sleep(1500);
  });
  await cluster.stop();
});

/** Moves the slot of a key from the node that has it to another, keys one by one, as a resharding does. */
async function moveSlot(nodes: readonly RedisServer[], key: string): Promise<void> {
  const line = async (node: RedisServer, ...parts: string[]): Promise<string> => {
    return (await node.command(...parts)).replace(/^(?::|\$\d+\r\n)/, '').trim();
  };
  const [any] = nodes;
  if (any === undefined) throw new Error('There is no node.');
  const slot = await line(any, 'cluster', 'keyslot', key);
  const owns = await Promise.all(
    nodes.map((node) =>
      node.command('exists', key).then(
        () => true,
        () => false,
      ),
    ),
  );
  const source = nodes[owns.indexOf(true)];
  const target = nodes[owns.indexOf(false)];
  if (source === undefined || target === undefined) throw new Error('No node has the slot.');
  const [from, to] = [await line(source, 'cluster', 'myid'), await line(target, 'cluster', 'myid')];
  await target.command('cluster', 'setslot', slot, 'importing', from);
  await source.command('cluster', 'setslot', slot, 'migrating', to);
  for (;;) {
    const keys = (await source.command('cluster', 'getkeysinslot', slot, '50'))
      .split('\r\n')
      .filter((_one, at) => at > 1 && at % 2 === 0);
    const names = keys.filter((name) => name !== '');
    if (names.length === 0) break;
    await source.command('migrate', '127.0.0.1', `${target.port}`, '', '0', '2000', 'keys', ...names);
  }
  for (const node of [target, source, ...nodes]) await node.command('cluster', 'setslot', slot, 'node', to);
}
