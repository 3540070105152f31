/** Ledgers spread by tenant: where scopes go, and what happens where one of several slots says no, or is gone. */
import { performance } from 'node:perf_hooks';
import type { Claim } from '@gatewright/core';
import { SumsStore } from '@gatewright/testkit';
import { startRedisCluster, type RedisCluster, type RedisServer } from '@gatewright/testkit/servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LedgerKeys } from './keys.ts';
import type { RedisState } from './redis-state.ts';
import { bill, budget, eventually, hold, openState, standing, whenBack, type Given } from './state.test.kit.ts';

let cluster: RedisCluster;
let prefix = 0;
const states: RedisState[] = [];
const open = async (given: Given = {}): Promise<RedisState> => {
  const nodes = cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  const shared = { cluster: nodes, ledger: 'by-tenant', prefix: `p${prefix}` } as const;
  const state = await openState({ ...shared, budgetsWithoutStore: 'zero', commandTimeout: 1000, ...given });
  states.push(state);
  return state;
};

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterEach(() => {
  for (const state of states.splice(0)) state.abandon();
  prefix++;
});
afterAll(() => cluster.stop());

/** The node that has a ledger, by asking who takes a write to its slot. */
async function nodeOf(tag: string): Promise<RedisServer> {
  for (const node of cluster.nodes) {
    const { meta } = new LedgerKeys(`p${prefix}`, tag);
    if (
      await node.command('exists', meta).then(
        () => true,
        () => false,
      )
    )
      return node;
  }
  throw new Error(`No node has the slot of ${tag}.`);
}

const SHARED = ['organisation:acme', 'team:red', 'user:ada', 'key:k1'].map((scope) => budget(scope));

test('what belongs to one tenant is in one slot, the rest in slots of its own', async () => {
  const state = await open();
  await state.reserve(hold('h1', ...SHARED, budget('tag:x team:red'), budget('model:gpt'), budget('global')));
  expect(new Set(state.tags)).toEqual(new Set(['ledger', 'organisation:acme', 'model:gpt', 'global']));
  await state.reserve(hold('h2', budget('team:alone'), budget('key:k2')));
  expect(state.tags).toContain('team:alone');
  expect(state.tags).not.toContain('key:k2');
});

test('a scope stays where it was first put, for every process, whoever else is in the hold', async () => {
  const [first, second] = [await open(), await open()];
  await first.reserve(hold('h1', ...SHARED));
  // The same user with a key of another organisation.
  const claims = [budget('organisation:other'), budget('user:ada', { amount: 85n })];
  const answer = await second.reserve(hold('h2', ...claims));
  expect(answer).toMatchObject({ ok: true, grants: [{ balance: { reserved: 10n } }, { balance: { reserved: 95n } }] });
  expect(await first.reserve(hold('h3', budget('user:ada')))).toMatchObject({ ok: false });
  expect(await standing(second, budget('key:k1'))).toEqual([0n, 10n]);
});

test('where one slot refuses, nothing is held in the others, and the same id may be asked for again', async () => {
  const state = await open();
  const claims = [budget('team:a'), budget('model:b', { limit: 5n }), budget('global')];
  expect(await state.reserve(hold('h1', ...claims))).toMatchObject({ ok: false, refused: { scope: 'model:b' } });
  const all = await Promise.all(claims.map((claim) => standing(state, claim)));
  expect(all).toEqual([[0n, 0n], undefined, [0n, 0n]]);
  const [team, , global] = claims as [Claim, Claim, Claim];
  expect(await state.reserve(hold('h1', team, budget('model:b'), global))).toMatchObject({ ok: true });
});

test('a hold that only provisional ones stand in the way of is tried once more', async () => {
  const [first, second] = [await open(), await open()];
  const narrow = (id: string, other: Claim): ReturnType<typeof hold> => {
    return hold(id, budget('global', { amount: 60n }), other);
  };
  await first.reserve(hold('warm', budget('global', { amount: 0n }), budget('team:full'), budget('team:free')));
  await second.reserve(hold('warm2', budget('global', { amount: 0n }), budget('team:full'), budget('team:free')));
  // The first of each pair is refused elsewhere; what it held meanwhile must not cost the second its place.
  for (let round = 0; round < 30; round++) {
    const doomed = first.reserve(narrow(`d${round}`, budget('team:full', { limit: 1n })));
    const wanted = second.reserve(narrow(`w${round}`, budget('team:free', { amount: 1n })));
    expect(await doomed).toMatchObject({ ok: false });
    const answer = await wanted;
    if (answer.ok) await second.settle(`w${round}`, []);
    expect(answer).toMatchObject({ ok: true });
  }
});

test('a hold grows in all slots or in none', async () => {
  const state = await open();
  const claims = [budget('team:a'), budget('model:b', { limit: 20n })];
  await state.reserve(hold('h1', ...claims));
  expect(await state.extend('h1', [60n, 30n])).toMatchObject({ ok: false, refused: { scope: 'model:b' } });
  expect(await Promise.all(claims.map((claim) => standing(state, claim)))).toEqual([
    [0n, 10n],
    [0n, 10n],
  ]);
  for (let tries = 0; tries < 2; tries++) {
    expect(await state.extend('h1', [60n, 20n])).toMatchObject({ ok: true });
    expect(await Promise.all(claims.map((claim) => standing(state, claim)))).toEqual([
      [0n, 60n],
      [0n, 20n],
    ]);
  }
});

test('the hold of a dead process is found whole, and settled in every slot', async () => {
  const [state, victim] = [await open(), await open()];
  const claims = [budget('team:a'), budget('model:b'), budget('global')];
  await victim.reserve(hold('h1', ...claims));
  victim.abandon();
  await eventually(async () => (await state.orphans(5)).length === 1);
  const [orphan] = await state.orphans(5);
  expect(orphan?.postings.map(({ scope, held }) => `${scope} ${held}`).toSorted()).toEqual([
    'global 10',
    'model:b 10',
    'team:a 10',
  ]);
  await state.reclaim('h1', (orphan?.postings ?? []).slice(0, 1));
  for (const claim of claims) expect((await standing(state, claim))?.[1]).toBe(0n);
  expect(await state.orphans(5)).toEqual([]);
});

test('a slot that loses its data is made again; the others go on', async () => {
  const store = new SumsStore();
  const [state, other] = [await open({ store }), await open({ store })];
  const claims = [budget('team:a'), budget('model:b')];
  await state.reserve(hold('h1', ...claims));
  await other.reserve(hold('h2', ...claims));
  await state.reserve(hold('h3', ...claims));
  await state.settle(
    'h3',
    claims.map((claim) => bill(claim, 4n)),
  );
  store.add('team:a', 'total', 'total', '', 4n);
  store.add('model:b', 'total', 'total', '', 4n);
  const node = await nodeOf('team:a');
  for (const key of (await node.command('keys', `p${prefix}:{team:a}:*`)).split('\r\n')) {
    if (key.startsWith('p')) await node.command('del', key);
  }
  expect(await whenBack(() => state.reserve(hold('h4', budget('team:a', { amount: 0n }))))).toMatchObject({ ok: true });
  await eventually(async () => `${(await standing(state, budget('team:a')))?.join()}` === '4,20');
  expect(await standing(other, budget('model:b'))).toEqual([4n, 20n]);
  await other.settle(
    'h2',
    claims.map((claim) => bill(claim, 1n)),
  );
  expect(await standing(state, budget('team:a'))).toEqual([5n, 10n]);
});

test('an outage of all slots refuses at once, and leaves nothing behind to be taken back', async () => {
  const state = await open();
  const claims = [budget('team:a'), budget('model:b')];
  await state.reserve(hold('h1', ...claims));
  for (const node of cluster.nodes) node.pause();
  await eventually(() =>
    state.reserve(hold('probe', ...claims)).then(
      () => false,
      () => state.waiting <= 4,
    ),
  );
  await eventually(async () => {
    const started = performance.now();
    await state.reserve(hold('quick', ...claims)).catch(() => undefined);
    return performance.now() - started < 20;
  });
  const before = state.waiting;
  const asked = Array.from({ length: 200 }, (_one, index) => state.reserve(hold(`r${index}`, ...claims)));
  for (const answer of await Promise.allSettled(asked)) expect(answer.status).toBe('rejected');
  expect(state.waiting).toBe(before);
  for (const node of cluster.nodes) node.resume();
  await eventually(async () => (await standing(state, budget('team:a')))?.[1] === 10n && state.waiting === 0);
});
