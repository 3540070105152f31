/** Redis away and back: what is refused meanwhile, what is let through, and that nothing is lost. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RedisState } from './redis-state.ts';
import { bill, budget, eventually, hold, openState, standing, whenBack, type Given } from './state.test.kit.ts';

let server: RedisServer;
const states: RedisState[] = [];
const open = async (given: Given = {}): Promise<RedisState> => {
  const state = await openState({ url: server.url, budgetsWithoutStore: 'zero', ...given });
  states.push(state);
  return state;
};

beforeEach(async () => {
  server = await startRedis();
});
afterEach(async () => {
  server.resume();
  for (const state of states.splice(0)) state.abandon();
  await server.stop();
});

test('a Redis that is gone refuses at once with 503, and is used again when it is back', async () => {
  const state = await open();
  await server.crash();
  await eventually(() =>
    state.reserve(hold('probe', budget('p'))).then(
      () => false,
      () => true,
    ),
  );
  const started = performance.now();
  const refused = Array.from({ length: 200 }, (_one, index) => state.reserve(hold(`r${index}`, budget('a'))));
  const answers = await Promise.allSettled(refused);
  // One that asked would wait for a second.
  expect(performance.now() - started).toBeLessThan(900);
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'GW_STATE_UNAVAILABLE', status: 503 } });
  }
  await server.start();
  const answer = await whenBack(() => state.reserve(hold('back', budget('a'))));
  expect(answer).toMatchObject({ ok: true, grants: [{ balance: { spent: 0n, reserved: 10n } }] });
});

test('a Redis that hangs is given up after a few commands, and asked again when it answers', async () => {
  const state = await open();
  const claim = budget('a');
  await state.reserve(hold('before', claim));
  server.pause();
  const asked: Promise<unknown>[] = [];
  for (const index of [1, 2, 3, 4]) {
    asked.push(state.reserve(hold(`h${index}`, claim)));
    // What is asked in one turn is one command.
    await setImmediate();
  }
  const first = await Promise.allSettled(asked);
  expect(first.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  const started = performance.now();
  await expect(state.reserve(hold('fast', claim))).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  expect(performance.now() - started).toBeLessThan(900);
  server.resume();
  await whenBack(() => state.reserve(hold('after', claim)));
  // What was reserved without an answer is given back: nobody knows of it.
  await eventually(async () => `${(await standing(state, claim))?.[1]}` === '20');
});

test('a bill that comes during an outage is posted when it is over, once', async () => {
  const state = await open();
  const claim = budget('a');
  await state.reserve(hold('h1', claim));
  server.pause();
  const settled = state.settle('h1', [bill(claim, 7n)]);
  await expect(state.reserve(hold('x', claim))).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  server.resume();
  expect(await settled).toMatchObject({ late: false });
  await eventually(async () => `${(await standing(state, claim))?.join()}` === '7,0');
  expect(await state.settle('h1', [bill(claim, 7n)])).toEqual({ late: false, duplicate: true });
});

test('an allowance lets so much through per process and outage, and posts it when the outage is over', async () => {
  const [state, other] = [await open(), await open()];
  const claim = budget('a', { outage: { allowance: 25n } });
  await state.reserve(hold('h0', claim));
  server.pause();
  const closed = budget('b');
  await eventually(() =>
    state.reserve(hold('probe', closed)).then(
      () => false,
      () => true,
    ),
  );
  await expect(state.reserve(hold('h1', claim, closed))).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  for (const id of ['h2', 'h3']) {
    expect(await state.reserve(hold(id, claim))).toMatchObject({ ok: true, outage: true });
  }
  await expect(state.reserve(hold('h4', claim))).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  expect(await other.reserve(hold('o1', claim))).toMatchObject({ ok: true, outage: true });
  const bills = [state.settle('h2', [bill(claim, 4n)]), state.settle('h0', [bill(claim, 1n)])];
  // What was not used of it can be used again.
  expect(await state.reserve(hold('h5', claim))).toMatchObject({ ok: true, outage: true });
  server.resume();
  expect(await Promise.all(bills)).toMatchObject([{ late: false }, { late: false }]);
  await whenBack(() => state.reserve(hold('h6', budget('c'))));
  await state.settle('h3', [bill(claim, 9n)]);
  await other.settle('o1', [bill(claim, 10n)]);
  await state.settle('h5', [bill(claim, 3n)]);
  await eventually(async () => `${(await standing(state, claim))?.join()}` === '27,0');
});

test('draining waits for bills under way, and no longer than it may', async () => {
  const state = await open({ drainTimeout: 300 });
  const claim = budget('a');
  await state.reserve(hold('h1', claim));
  const settled = state.settle('h1', [bill(claim, 7n)]);
  await state.drain();
  expect(await settled).toEqual({ late: false, duplicate: false });
  await state.reserve(hold('h2', claim));
  await server.crash();
  const lost = state.settle('h2', [bill(claim, 7n)]).catch((error: unknown) => error);
  const started = performance.now();
  await state.drain();
  expect(performance.now() - started).toBeGreaterThan(250);
  state.abandon();
  expect(await lost).toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
});

test('a gateway starts while Redis is away, and uses it when it comes', async () => {
  await server.crash();
  const state = await open({ connectTimeout: 500 });
  const refusal: unknown = await state.reserve(hold('h1', budget('a'))).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    status: 503,
    message: 'Redis, which keeps the budgets and limits, does not answer.',
  });
  expect(String((refusal as Error).cause)).toContain('ECONNREFUSED');
  await server.start();
  expect(await whenBack(() => state.reserve(hold('h2', budget('a'))))).toMatchObject({ ok: true });
});
