/** What is asked in one turn of the event loop is one script, and each hold is judged as if it were alone. */
import type { Claim, Reservation } from '@gatewright/core';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RedisState } from './redis-state.ts';
import { bill, budget, eventually, hold, openState, standing } from './state.test.kit.ts';

let server: RedisServer;
let state: RedisState;
beforeAll(async () => {
  server = await startRedis();
  state = await openState({ url: server.url, budgetsWithoutStore: 'zero', lease: 60_000 });
});
afterAll(async () => {
  await state.close();
  await server.stop();
});

/** How many scripts the server has run. */
async function scripts(): Promise<number> {
  const info = await server.command('info', 'commandstats');
  return [...info.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

const granted = (answers: readonly Reservation[]): string[] => answers.map(({ ok }) => (ok ? 'yes' : 'no'));

test('ten holds of a turn are one script, and so are their bills', async () => {
  const claim = budget('ten');
  // The server has both scripts then.
  await state.reserve(hold('warm', claim));
  await state.settle('warm', []);
  const before = await scripts();
  const ids = Array.from({ length: 10 }, (_one, index) => `ten-${index}`);
  const answers = await Promise.all(ids.map((id) => state.reserve(hold(id, claim))));
  expect(await scripts()).toBe(before + 1);
  // Each sees what those before it have taken.
  expect(answers.map((one) => (one.ok ? one.grants[0]?.balance.reserved : undefined))).toEqual(
    ids.map((_id, index) => BigInt(index + 1) * 10n),
  );
  await Promise.all(ids.map((id) => state.settle(id, [bill(claim, 7n)])));
  expect(await scripts()).toBe(before + 2);
  expect(await standing(state, claim)).toEqual([70n, 0n]);
});

test('each takes all of its claims or none, in the order in which they were asked', async () => {
  const [wide, narrow] = [budget('wide', { limit: 1000n }), budget('narrow', { limit: 25n })];
  const answers = await Promise.all([
    state.reserve(hold('o1', wide, narrow)),
    state.reserve(hold('o2', wide, narrow)),
    state.reserve(hold('o3', wide, narrow)),
    state.reserve(hold('o4', wide, { ...narrow, amount: 5n })),
    state.reserve(hold('o5', { ...wide, amount: 971n })),
    state.reserve(hold('o6', { ...wide, amount: 970n })),
  ]);
  expect(granted(answers)).toEqual(['yes', 'yes', 'no', 'yes', 'no', 'yes']);
  expect(answers[2]).toMatchObject({ refused: { scope: 'narrow' }, balance: { spent: 0n, reserved: 20n, limit: 25n } });
  expect(await standing(state, wide)).toEqual([0n, 1000n]);
  expect(await standing(state, narrow)).toEqual([0n, 25n]);
});

test('200 of a turn never pass a limit by one, and use all of it', async () => {
  const claim = budget('many', { limit: 995n });
  const ids = Array.from({ length: 200 }, (_one, index) => `many-${index}`);
  const answers = await Promise.all(ids.map((id) => state.reserve(hold(id, claim))));
  expect(granted(answers).filter((one) => one === 'yes')).toHaveLength(99);
  expect(await standing(state, claim)).toEqual([0n, 990n]);
});

test('holds of several callers in a turn are each kept with their own claims, amounts and memo', async () => {
  const dying = await openState({ url: server.url, budgetsWithoutStore: 'zero', lease: 300, prefix: 'callers' });
  const living = await openState({ url: server.url, budgetsWithoutStore: 'zero', lease: 300, prefix: 'callers' });
  const [one, other] = [budget('ä'), budget('b', { amount: 3n })];
  const last = { ...one, amount: 4n, limit: 18n };
  await Promise.all([
    dying.reserve({ id: 'm1', claims: [one, other], memo: () => 'in\ntwo lines' }),
    dying.reserve({ id: 'm2', claims: [other], memo: () => '' }),
    dying.reserve({ id: 'm3', claims: [last], memo: () => '[1]\n' }),
    dying.reserve({ id: 'm4', claims: [one, other], memo: () => 'billed' }),
  ]);
  // The limit of the third would leave nothing for the fourth, which has a limit of its own.
  expect(await standing(living, one)).toEqual([0n, 24n]);
  await dying.settle('m4', [bill(one, 1n), bill(other, 1n)]);
  dying.abandon();
  const found = new Map<string, readonly [string, ...(readonly [string, bigint])[]]>();
  await eventually(async () => {
    for (const { id, memo, postings } of await living.orphans(10)) {
      found.set(id, [memo, ...postings.map(({ scope, held }) => [scope, held] as const)]);
    }
    return found.size >= 3;
  });
  expect(Object.fromEntries(found)).toEqual({
    m1: ['in\ntwo lines', ['ä', 10n], ['b', 3n]],
    m2: ['', ['b', 3n]],
    m3: ['[1]\n', ['ä', 4n]],
  });
  await living.close();
});

test('the same hold twice in a turn is taken once', async () => {
  const claim = budget('twice');
  const answers = await Promise.all([state.reserve(hold('same', claim)), state.reserve(hold('same', claim))]);
  expect(granted(answers)).toEqual(['yes', 'yes']);
  expect(await standing(state, claim)).toEqual([0n, 10n]);
  const ends = await Promise.all([1n, 2n].map((actual) => state.settle('same', [bill(claim, actual)])));
  expect(ends.map(({ duplicate }) => duplicate)).toEqual([false, true]);
  expect(await standing(state, claim)).toEqual([1n, 0n]);
});

test('what is given back in a turn is free for what is asked in it', async () => {
  const one: Claim = budget('one', { kind: 'limit', window: { kind: 'held', name: 'concurrent' }, limit: 10n });
  await state.reserve(hold('first', one));
  const other = state.reserve(hold('other', budget('elsewhere')));
  const settled = state.settle('first', []);
  expect(await state.reserve(hold('next', one))).toMatchObject({ ok: true });
  await Promise.all([other, settled]);
});

test('a counter with two windows in a turn is counted once', async () => {
  const minute: Claim = budget('two', { kind: 'limit', window: { kind: 'sliding', name: 'w', length: 60_000 } });
  const hour: Claim = { ...minute, window: { kind: 'sliding', name: 'w', length: 60_001 } };
  const answers = await Promise.all([
    state.reserve(hold('w1', budget('both'), minute)),
    state.reserve(hold('w2', budget('both'), hour)),
  ]);
  expect(granted(answers)).toEqual(['yes', 'yes']);
  expect(await standing(state, budget('both'))).toEqual([0n, 20n]);
});

test('amounts of more digits than a number is exact for are added up exactly, beside small ones', async () => {
  const large = 9_007_199_254_740_993n;
  const claim = budget('large', { limit: 3n * large + 1n });
  const answers = await Promise.all([
    state.reserve(hold('l1', { ...claim, amount: large })),
    state.reserve(hold('l2', { ...claim, amount: 1n })),
    state.reserve(hold('l3', { ...claim, amount: large })),
    state.reserve(hold('l4', { ...claim, amount: large + 1n })),
    state.reserve(hold('l5', { ...claim, amount: large })),
  ]);
  expect(granted(answers)).toEqual(['yes', 'yes', 'yes', 'no', 'yes']);
  expect(await standing(state, claim)).toEqual([0n, 3n * large + 1n]);
  const bills = [large - 1n, 1n, 5n, 0n, large];
  await Promise.all(
    [1, 2, 3, 5].map((number) =>
      state.settle(`l${number}`, [bill({ ...claim, amount: 0n }, bills[number - 1] as bigint)]),
    ),
  );
  expect(await standing(state, claim)).toEqual([2n * large + 5n, 0n]);
});

test('one bill that is on more than its hold does not keep the others of its turn', async () => {
  const [own, others] = [budget('own'), budget('else')];
  await Promise.all(['e1', 'e2', 'e3'].map((id) => state.reserve(hold(id, own))));
  const ends = await Promise.all([
    state.settle('e1', [bill(own, 1n)]),
    state.settle('e2', [bill(own, 2n), bill(others, 4n)]),
    state.settle('e3', [bill(own, 3n)]),
    state.settle('never held', [bill(own, 10n)]),
  ]);
  expect(ends.map(({ late, duplicate }) => [late, duplicate])).toEqual([
    [false, false],
    [false, false],
    [false, false],
    [true, false],
  ]);
  expect([await standing(state, own), await standing(state, others)]).toEqual([
    [16n, 0n],
    [4n, 0n],
  ]);
});

test('holds of a turn that others have billed meanwhile are billed anew, each once', async () => {
  const [claim, user] = [budget('reclaimed', { limit: 1000n }), budget('reclaimed too', { limit: 1000n })];
  const slow = await openState({ url: server.url, budgetsWithoutStore: 'zero', lease: 300 });
  const ids = ['r1', 'r2', 'r3', 'r4'];
  await Promise.all(ids.map((id) => slow.reserve(hold(id, claim, user))));
  // It is held up for longer than its lease, and others bill three of its holds.
  const renewing = vi.spyOn(slow, 'renew').mockResolvedValue();
  const found = new Set<string>();
  await eventually(async () => {
    for (const { id } of await state.orphans(10)) found.add(id);
    return found.size === 4;
  });
  // Its own are not told to itself: it lives, and will settle them.
  expect(await slow.orphans(10)).toEqual([]);
  await Promise.all(ids.slice(0, 3).map((id) => state.reclaim(id, [bill(claim, 9n), bill(user, 9n)])));
  const ends = await Promise.all(ids.map((id) => slow.settle(id, [bill(claim, 7n), bill(user, 5n)])));
  expect(ends).toEqual(ids.map(() => ({ late: true, duplicate: false })));
  expect([await standing(state, claim), await standing(state, user)]).toEqual([
    [28n, 0n],
    [20n, 0n],
  ]);
  renewing.mockRestore();
  await slow.close();
});

test('a turn that has no answer may have taken all of its holds: all are given back', async () => {
  const claim = budget('silent');
  const hasty = await openState({ url: server.url, budgetsWithoutStore: 'zero', lease: 60_000, commandTimeout: 200 });
  server.pause();
  const answers = await Promise.allSettled(['s1', 's2', 's3'].map((id) => hasty.reserve(hold(id, claim))));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  server.resume();
  await eventually(async () => hasty.waiting === 0);
  expect(await standing(hasty, claim)).toEqual([0n, 0n]);
  await hasty.close();
});
