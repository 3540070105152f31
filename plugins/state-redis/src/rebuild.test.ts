/** Redis that lost what it knew: the counts come back from the store's sums and the holds of those who live. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal } from '@gatewright/core';
import { SumsStore } from '@gatewright/testkit';
import { startProxy, startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RedisState } from './redis-state.ts';
import { bill, budget, eventually, hold, openState, standing, whenBack, type Given } from './state.test.kit.ts';

let server: RedisServer;
let folder: string;
let store: SumsStore;
const states: RedisState[] = [];
const open = async (given: Given = {}): Promise<RedisState> => {
  const state = await openState({ url: server.url, store, ...given });
  states.push(state);
  return state;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-dump-'));
  server = await startRedis({ dir: folder });
  store = new SumsStore();
});
afterEach(async () => {
  for (const state of states.splice(0)) state.abandon();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A journal whose rows are those of the store: `written` are the attempts that have one. */
function journal(written: Set<string>): Journal & { pauses: number } {
  const made = {
    pauses: 0,
    async pause() {
      made.pauses++;
      const then = new Set(written);
      return { has: (id: string) => then.has(id), resume: () => void made.pauses-- };
    },
  };
  return made;
}

test('restarted empty: spent is what the store has summed, and reserved what is still held', async () => {
  const [first, second] = [await open(), await open()];
  const claim = budget('a');
  store.add('a', 'total', 'total', '', 30n);
  await first.reserve(hold('f1', claim));
  await second.reserve(hold('s1', claim));
  await first.reserve(hold('f2', claim));
  await first.settle('f2', [bill(claim, 6n)]);
  store.add('a', 'total', 'total', '', 6n);
  expect(await standing(first, claim)).toEqual([36n, 20n]);
  const before = await store.epoch();
  await server.crash();
  await server.start();
  expect(await standing(first, claim)).toEqual([36n, 20n]);
  expect(await standing(second, claim)).toEqual([36n, 20n]);
  // Two that raise it at once may raise it twice.
  expect(await store.epoch()).toBeGreaterThan(before);
  expect(await first.settle('f1', [bill(claim, 5n)])).toEqual({ late: false, duplicate: false });
  await second.settle('s1', [bill(claim, 5n)]);
  expect(await standing(second, claim)).toEqual([46n, 0n]);
});

test('the first that uses a store and a Redis waits for nobody', async () => {
  const state = await open({ lease: 60_000 });
  expect(await state.reserve(hold('f1', budget('a')))).toMatchObject({ ok: true });
});

test('whoever starts while it is rebuilt has started when it is', async () => {
  await store.raiseEpoch(await store.epoch());
  // Others are waited for longer than that: a third of the lease.
  const state = await open({ lease: 4500, connectTimeout: 1000 });
  expect(await state.reserve(hold('f1', budget('a')))).toMatchObject({ ok: true });
});

test('while it is rebuilt nothing is reserved: with 503, not with what happens to be known', async () => {
  const [first, second] = [await open(), await open()];
  const claim = budget('a', { amount: 60n });
  await first.reserve(hold('f1', claim));
  await server.crash();
  await server.start();
  // No hold may be granted before the first has said again what it holds.
  expect(await whenBack(() => second.reserve(hold('s1', claim)))).toMatchObject({
    ok: false,
    balance: { reserved: 60n },
  });
});

test('a process that is known to live is waited for, also where it notices late', async () => {
  const proxy = await startProxy(server.port);
  const [first, second] = await Promise.all([
    open({ lease: 3000 }),
    open({ lease: 3000, url: `redis://127.0.0.1:${proxy.port}` }),
  ]);
  await store.raiseEpoch(await store.epoch());
  await second.reserve(hold('s1', budget('a', { amount: 60n })));
  await first.renew();
  proxy.cut();
  await server.crash();
  await server.start();
  const answer = whenBack(() => first.reserve(hold('f1', budget('a', { amount: 60n }))));
  await sleep(1300);
  proxy.restore();
  expect(await answer).toMatchObject({ ok: false, balance: { reserved: 60n } });
  await proxy.stop();
});

test('failed over to an older state: what happened since is not forgotten, and what was there is not believed', async () => {
  const state = await open();
  const claim = budget('a');
  await state.reserve(hold('old', claim));
  await server.command('save');
  copyFileSync(join(folder, 'dump.rdb'), join(folder, 'older.rdb'));
  await state.settle('old', [bill(claim, 10n)]);
  store.add('a', 'total', 'total', '', 10n);
  await state.reserve(hold('new', budget('a', { amount: 25n })));
  await server.crash();
  copyFileSync(join(folder, 'older.rdb'), join(folder, 'dump.rdb'));
  await server.start();
  expect(await standing(state, claim)).toEqual([10n, 25n]);
  expect(await state.reserve(hold('more', budget('a', { amount: 66n })))).toMatchObject({ ok: false });
  // The keys of the older epoch go.
  await eventually(async () => !(await server.command('keys', '*')).includes(':1:'));
});

test('data that vanished under a live connection is missed at the next command', async () => {
  const state = await open();
  const claim = budget('a');
  await state.reserve(hold('h1', claim));
  await server.command('flushall');
  await expect(state.reserve(hold('h2', claim))).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  expect(await standing(state, claim)).toEqual([0n, 10n]);
});

test('a sequence that went backwards means that something is lost', async () => {
  const state = await open();
  const claim = budget('a');
  for (let index = 0; index < 5; index++) await state.reserve(hold(`h${index}`, claim));
  await server.command('hset', 'gatewright:{ledger}:meta', 'seq', '1');
  const before = await store.epoch();
  await state.reserve(hold('h9', claim)).catch(() => undefined);
  await eventually(async () => (await store.epoch()) > before);
  expect((await standing(state, claim))?.[0]).toBe(0n);
});

test('a row that the store has is not posted again, a later one is', async () => {
  const state = await open();
  const written = new Set<string>();
  const rows = journal(written);
  state.follow(rows);
  const claim = budget('a');
  await state.reserve(hold('billed', claim));
  await state.reserve(hold('open', claim));
  await server.crash();
  // Its row is written, and with it summed; the bill cannot be posted.
  written.add('billed');
  store.add('a', 'total', 'total', '', 8n);
  const settled = state.settle('billed', [bill(claim, 8n)]);
  await server.start();
  expect(await settled).toMatchObject({ duplicate: true });
  expect(await standing(state, claim)).toEqual([8n, 10n]);
  expect(rows.pauses).toBe(0);
  await state.settle('open', [bill(claim, 3n)]);
  expect(await standing(state, claim)).toEqual([11n, 0n]);
});

test('a store that is away makes the rebuild wait', async () => {
  const state = await open();
  await state.reserve(hold('h1', budget('a')));
  store.broken = true;
  await server.crash();
  await server.start();
  await expect(state.reserve(hold('h2', budget('a')))).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  store.broken = false;
  expect(await standing(state, budget('a'))).toEqual([0n, 10n]);
});

test('a process that slept through a rebuild says what it holds when it wakes', async () => {
  const proxy = await startProxy(server.port);
  const [first, second] = [await open(), await open({ url: `redis://127.0.0.1:${proxy.port}` })];
  const claim = budget('a');
  await first.reserve(hold('f1', claim));
  await second.reserve(hold('s1', claim));
  proxy.cut();
  await server.crash();
  await server.start();
  expect(await standing(first, claim)).toEqual([0n, 10n]);
  proxy.restore();
  await eventually(async () => `${(await standing(first, claim))?.[1]}` === '20');
  expect(await second.settle('s1', [bill(claim, 4n)])).toMatchObject({ duplicate: false });
  expect(await standing(first, claim)).toEqual([4n, 10n]);
  await proxy.stop();
});

test('without a store, budgets are refused unless they may begin at zero', async () => {
  const refusing = await openState({ url: server.url, prefix: 'refusing' });
  states.push(refusing);
  const limit = budget('a', { kind: 'limit' });
  expect(await refusing.reserve(hold('h1', limit))).toMatchObject({ ok: true });
  await expect(refusing.reserve(hold('h2', budget('b')))).rejects.toMatchObject({
    code: 'GW_STATE_UNAVAILABLE',
    details: { help: 'Add a store plugin, or set budgetsWithoutStore: zero.' },
  });
  const zero = await openState({ url: server.url, prefix: 'zero', budgetsWithoutStore: 'zero' });
  states.push(zero);
  await zero.reserve(hold('h1', budget('b')));
  await server.crash();
  await server.start();
  // What is held is known, what was spent is not.
  expect(await standing(zero, budget('b'))).toEqual([0n, 10n]);
});
