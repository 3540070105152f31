/** Behind sentinels: the primary is found by its name, and a replica that takes its place is not believed before it is made whole. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SumsStore } from '@gatewright/testkit';
import { startRedis, startRedisSentinel, type RedisSentinel, type RedisServer } from '@gatewright/testkit/servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { options } from './options.ts';
import type { RedisState } from './redis-state.ts';
import { bill, budget, eventually, hold, openState, standing, whenBack } from './state.test.kit.ts';

const NAME = 'counts';

let primary: RedisServer;
let replica: RedisServer;
let sentinel: RedisSentinel;
let store: SumsStore;
const states: RedisState[] = [];

beforeEach(async () => {
  store = new SumsStore();
  primary = await startRedis();
  replica = await startRedis({ replicaof: `127.0.0.1 ${primary.port}` });
  sentinel = await startRedisSentinel(primary, NAME);
  await eventually(async () => (await sentinel.replicas()) === 1);
  await eventually(async () => (await replica.command('info', 'replication')).includes('master_link_status:up'));
}, 60_000);
afterEach(async () => {
  for (const state of states.splice(0)) state.abandon();
  await Promise.all([sentinel.stop(), primary.stop(), replica.stop()]);
});

async function open(): Promise<RedisState> {
  const nodes = [
    // One that is gone does not matter.
    { host: '127.0.0.1', port: 1 },
    { host: '127.0.0.1', port: sentinel.port },
  ];
  const state = await openState({ sentinel: { nodes, name: NAME }, store, commandTimeout: 1000 });
  states.push(state);
  return state;
}

test('what is reserved and settled is on the primary', async () => {
  const state = await open();
  const claim = budget('a');
  await whenBack(() => state.reserve(hold('h1', claim)));
  await state.settle('h1', [bill(claim, 4n)]);
  expect(await standing(state, claim)).toEqual([4n, 0n]);
  expect(await primary.command('info', 'keyspace')).toContain('db0');
  expect(await sentinel.primary()).toBe(primary.port);
}, 30_000);

test('an older replica that takes over is unknown: its counts are made again from the sums and the holds', async () => {
  const [first, second] = [await open(), await open()];
  const claim = budget('a');
  await whenBack(() => first.reserve(hold('old', claim)));
  await primary.command('wait', '1', '1000');
  // The replica falls behind.
  replica.pause();
  await first.settle('old', [bill(claim, 7n)]);
  store.add('a', 'total', 'total', '', 7n);
  await whenBack(() => second.reserve(hold('new', budget('a', { amount: 25n }))));
  const before = await store.epoch();
  await primary.crash();
  replica.resume();
  await eventually(async () => (await sentinel.primary().catch(() => 0)) === replica.port);
  expect(await standing(first, claim)).toEqual([7n, 25n]);
  expect(await standing(second, claim)).toEqual([7n, 25n]);
  expect(await store.epoch()).toBeGreaterThan(before);
  expect(await whenBack(() => first.reserve(hold('h3', budget('a', { amount: 69n }))))).toMatchObject({ ok: false });
  await second.settle('new', [bill(claim, 20n)]);
  store.add('a', 'total', 'total', '', 20n);
  expect(await standing(first, claim)).toEqual([27n, 0n]);
}, 60_000);

test('the old primary that comes back as a replica is not used', async () => {
  const state = await open();
  const claim = budget('a');
  await whenBack(() => state.reserve(hold('h1', claim)));
  await primary.crash();
  await eventually(async () => (await sentinel.primary().catch(() => 0)) === replica.port);
  await primary.start();
  expect((await standing(state, claim))?.[1]).toBe(10n);
  await whenBack(() => state.settle('h1', [bill(claim, 3n)]));
  await sleep(200);
  expect(await replica.command('info', 'keyspace')).toContain('db0');
  expect((await standing(state, claim))?.[1]).toBe(0n);
}, 60_000);

test('without any sentinel it starts, says what it could not reach, and reserves nothing', async () => {
  await sentinel.stop();
  const state = await open();
  await expect(state.reserve(hold('h1', budget('a')))).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
}, 30_000);

test('a cluster and sentinels at once are refused', () => {
  const nodes = [{ host: 'a' }];
  const both = options.safeParse({ cluster: nodes, sentinel: { nodes } });
  expect(both.error?.issues[0]?.message).toMatch(/cluster or sentinels, not both/);
  expect(options.parse({ sentinel: { nodes } }).sentinel).toMatchObject({
    nodes: [{ host: 'a', port: 26_379 }],
    name: 'mymaster',
  });
});
