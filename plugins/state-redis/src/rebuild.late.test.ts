/** A process that missed a rebuild, asleep or cut off: what it brings to the store afterwards is counted, once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal, Posting } from '@gatewright/core';
import { SumsStore } from '@gatewright/testkit';
import { startProxy, startRedis, type FaultProxy, type RedisServer } from '@gatewright/testkit/servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RedisState } from './redis-state.ts';
import { bill, budget, eventually, hold, openState, standing, whenBack, type Given } from './state.test.kit.ts';

let server: RedisServer;
let proxy: FaultProxy;
let store: SumsStore;
const states: RedisState[] = [];

beforeEach(async () => {
  server = await startRedis();
  proxy = await startProxy(server.port);
  store = new SumsStore();
});
afterEach(async () => {
  for (const state of states.splice(0)) state.abandon();
  await proxy.stop();
  await server.stop();
});

async function open(given: Given): Promise<RedisState> {
  const state = await openState({ store, ...given });
  states.push(state);
  return state;
}

/** A journal whose rows are stored when the test says so. */
class Rows implements Journal {
  readonly #rows: { id: string; postings: readonly Posting[]; time: number }[] = [];

  stored(id: string, posting: Posting): void {
    store.add(posting.scope, posting.window, posting.name, posting.period, posting.actual);
    this.#rows.push({ id, postings: [posting], time: Date.now() });
  }

  async pause() {
    return {
      has: () => false,
      storedSince: (time: number) => this.#rows.filter((row) => row.time >= time),
      resume: () => undefined,
    };
  }
}

const SEEN = budget('seen');
const UNSEEN = budget('unseen');

/** Two processes; the second is cut off, and the first makes the counts again without it. */
async function missed(
  ledger: 'one-slot' | 'by-tenant',
): Promise<{ first: RedisState; second: RedisState; rows: Rows }> {
  const rows = new Rows();
  const [first, second] = [
    await open({ url: server.url, ledger }),
    await open({ url: `redis://127.0.0.1:${proxy.port}`, ledger }),
  ];
  second.follow(rows);
  await second.reserve(hold('early', SEEN));
  await second.settle('early', [bill(SEEN, 3n)]);
  rows.stored('early', bill(SEEN, 3n));
  await second.reserve(hold('late', SEEN, UNSEEN));
  await second.settle('late', [bill(SEEN, 7n), bill(UNSEEN, 7n)]);
  await sleep(20);
  proxy.cut();
  await server.crash();
  await server.start();
  // Its lease must end before the others go on without it.
  expect(await whenBack(() => first.reserve(hold('f1', SEEN)))).toMatchObject({ ok: true });
  expect(await standing(first, SEEN)).toEqual([3n, 10n]);
  return { first, second, rows };
}

test.each(['one-slot', 'by-tenant'] as const)(
  'with the ledger %s',
  async (ledger) => {
    const { first, second, rows } = await missed(ledger);
    await sleep(20);
    rows.stored('late', bill(SEEN, 7n));
    store.add('unseen', 'total', 'total', '', 7n);
    proxy.restore();
    expect(await whenBack(() => second.reserve(hold('s2', SEEN)))).toMatchObject({ ok: true });
    await eventually(async () => (await standing(first, SEEN))?.[0] === 10n);
    expect(await standing(second, SEEN)).toEqual([10n, 20n]);
    // Nobody had asked for this one since: its base has the bill already.
    await whenBack(() => first.reserve(hold('f2', UNSEEN)));
    expect(await standing(first, UNSEEN)).toEqual([7n, 10n]);
    // It comes once more where the connection is lost again.
    proxy.cut();
    await sleep(100);
    proxy.restore();
    await whenBack(() => second.reserve(hold('s3', SEEN)));
    expect((await standing(first, SEEN))?.[0]).toBe(10n);
  },
  30_000,
);

test('what reached the store before the counts were made again is not counted twice', async () => {
  const { first, second } = await missed('one-slot');
  proxy.restore();
  await whenBack(() => second.reserve(hold('s2', SEEN)));
  expect(await standing(first, SEEN)).toEqual([3n, 20n]);
}, 30_000);

test('a bill that the rebuild of another ledger keeps from the store is posted to the new counts, once', async () => {
  const state = await open({ url: server.url });
  const kept: { id: string; postings: readonly Posting[] }[] = [];
  state.follow({
    pause: () => Promise.resolve({ has: () => false, heldBack: () => kept, resume: () => undefined }),
  });
  expect((await state.reserve(hold('done', SEEN))).ok).toBe(true);
  expect((await state.reserve(hold('open', SEEN))).ok).toBe(true);
  const bills = { done: [bill(SEEN, 7n)], open: [bill(SEEN, 4n)] };
  await state.settle('done', bills.done);
  kept.push({ id: 'done', postings: bills.done }, { id: 'open', postings: bills.open });
  await server.command('FLUSHALL');
  // What is still held is held again, and not billed before it is settled.
  await eventually(async () => (await standing(state, SEEN))?.join() === '7,10');
  await state.settle('done', bills.done);
  await state.settle('open', bills.open);
  expect(await standing(state, SEEN)).toEqual([11n, 0n]);
});
