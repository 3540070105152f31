/** Strategies, splits and hedges in a whole gateway: who is really called. */
import type { Route } from '@gatewright/core';
import { ManualClock } from '@gatewright/testkit';
import { afterEach, expect, test } from 'vitest';
import { inlinePlugin, waitFor } from './gateways.ts';
import { RoutingStage, type StageOptions } from './routing-stage.ts';

let stage: RoutingStage | undefined;
afterEach(() => stage?.close());

async function start(options: StageOptions): Promise<RoutingStage> {
  stage = await RoutingStage.start(options);
  return stage;
}

const smart = (targets: string[], routing?: object): StageOptions['models'] => ({
  smart: { targets, ...(routing === undefined ? {} : { with: { routing } }) },
});
const THREE = ['a/dear', 'b/cheap', 'c/middle'];

test('ordered: the first gets everything, and the next what it fails', async () => {
  const { targetsOf } = await bound({ models: smart(['a/sim', 'b/sim'], { strategy: 'ordered' }) });
  expect(await targetsOf(3)).toEqual([['a/sim'], ['a/sim'], ['a/sim']]);
  await stage?.close();
  const failing = await bound({ models: smart(['a/error-503', 'b/sim'], { strategy: 'ordered' }) });
  expect(await failing.targetsOf(2)).toEqual([
    ['a/error-503', 'b/sim'],
    ['a/error-503', 'b/sim'],
  ]);
});

test('round robin: each in turn', async () => {
  const { targetsOf } = await bound({ models: smart(THREE), routing: { strategy: 'round-robin' } });
  expect((await targetsOf(4)).flat()).toEqual(['a/dear', 'b/cheap', 'c/middle', 'a/dear']);
});

test('lowest cost: the cheapest, and the next cheapest where that fails', async () => {
  const models = smart([...THREE, 'd/free-of-price'], { strategy: 'lowest-cost' });
  const { targetsOf } = await bound({ models });
  expect((await targetsOf(3)).flat()).toEqual(['b/cheap', 'b/cheap', 'b/cheap']);
  expect(stage?.records[0]?.cost?.nanos).toBeGreaterThan(0n);
});

test('sticky: a session stays where it is, and only the sessions of a target that fails move', async () => {
  const models = smart(['a/sim', 'b/sim', 'c/sim', 'd/sim'], { strategy: 'sticky' });
  const { targetsOf } = await bound({ models });
  const homes = new Map<string, string>();
  for (let number = 0; number < 20; number++) {
    const session = `s${number}`;
    const called = (await targetsOf(3, {}, { 'x-gatewright-session': session })).flat();
    expect(new Set(called).size).toBe(1);
    homes.set(session, called[0] as string);
  }
  expect(new Set(homes.values()).size).toBeGreaterThan(1);
  await stage?.close();
  // The same targets by name, but the sessions of `a` are to find it broken.
  const broken = inlinePlugin('broken', ({ hooks }) =>
    hooks.route.tap((route) => ({ ...route, targets: route.targets.filter(({ provider }) => provider !== 'a') })),
  );
  const second = await bound({ models, before: [broken] });
  for (const [session, home] of homes) {
    const [[called] = []] = await second.targetsOf(1, {}, { 'x-gatewright-session': session });
    if (home === 'a/sim') expect(called).not.toBe('a/sim');
    else expect(called).toBe(home);
  }
});

test('least busy: requests that come at once are shared out, and what has ended makes room', async () => {
  const clock = new ManualClock();
  const begun: string[] = [];
  const count = inlinePlugin('count', ({ hooks }) =>
    hooks.meter.reserve.tap(({ target }) => {
      begun.push(target.provider);
      return undefined;
    }),
  );
  const models = smart(['a/sim+slow-first-token-500', 'b/sim+slow-first-token-500'], { strategy: 'least-busy' });
  const { ask } = await bound({ models, clock, behind: [count] });
  const answers = Array.from({ length: 6 }, (_, index) => ask({ stream: false, user: `u${index}` }));
  await waitFor(() => (begun.length === 6 ? true : undefined));
  expect(begun.toSorted()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
  await until(answers, clock);
  expect(stage?.records.every(({ status }) => status === 200)).toBe(true);
});

test('lowest latency: each is tried, then the fastest is asked', async () => {
  const clock = new ManualClock();
  const models = smart(['a/sim+slow-first-token-900', 'b/sim+slow-first-token-100'], { strategy: 'lowest-latency' });
  const { ask } = await bound({ models, clock });
  for (let number = 0; number < 6; number++) {
    const answer = stage?.gateway.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer key-of-everybody-0123456789', 'content-type': 'application/json' },
      payload: JSON.stringify({ model: 'smart', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    });
    await until([answer as Promise<unknown>], clock);
  }
  expect(ask).toBeDefined();
  const called = stage?.records.map(({ attempts }) => attempts[0]?.provider) ?? [];
  expect(new Set(called.slice(0, 2))).toEqual(new Set(['a', 'b']));
  expect(called.slice(2)).toEqual(['b', 'b', 'b', 'b']);
});

test('most budget: the account that has the most left of its limit', async () => {
  const models = smart(['a/sim', 'b/sim'], { strategy: 'most-budget' });
  const rules = [{ per: 'target', requests: 10, window: '1d' }];
  const { targetsOf } = await bound({ models, rules });
  const called = (await targetsOf(8)).flat();
  for (const target of ['a/sim', 'b/sim']) expect(called.filter((one) => one === target)).toHaveLength(4);
});

test('a split gives its shares, by chance that a test can hold', async () => {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const routing = { split: { shares: { 'a/sim': 90, 'b/sim': 10 } } };
  const { targetsOf } = await bound({ models: smart(['a/sim', 'b/sim'], routing), random });
  const called = (await targetsOf(200)).map(([first]) => first);
  const canaries = called.filter((target) => target === 'b/sim').length;
  expect(canaries).toBeGreaterThan(8);
  expect(canaries).toBeLessThan(34);
});

test('a hedge is set on the route, and a tap behind has the last word', async () => {
  const seen: Route[] = [];
  const last = inlinePlugin('last', ({ hooks }) =>
    hooks.route.tap((route) => {
      seen.push(route);
      return { targets: route.targets.toReversed() };
    }),
  );
  const routing = { strategy: 'ordered', hedge: { after: '250ms', most: 3 } };
  const { targetsOf } = await bound({ models: smart(['a/sim', 'b/sim'], routing), behind: [last] });
  expect(await targetsOf(1)).toEqual([['b/sim']]);
  expect(seen[0]).toMatchObject({ hedge: { delay: 250, most: 3 }, targets: [{ id: 'a/sim' }, { id: 'b/sim' }] });
});

test('a slow first target is hedged: the second answers, and nothing is under way afterwards', async () => {
  const clock = new ManualClock();
  const routing = { strategy: ['ordered', 'least-busy'], hedge: { after: '250ms' }, mirror: { model: 'candidate' } };
  const models = { ...smart(['a/sim+slow-first-token-60000', 'b/sim'], routing), candidate: { targets: ['c/sim'] } };
  const { ask } = await bound({ models, clock });
  const answer = ask();
  await until([answer], clock);
  expect((await answer).status).toBe(200);
  await waitFor(() => (stage?.records.length === 2 ? true : undefined));
  const [first, copy] = stage?.records ?? [];
  expect(first?.attempts.map(({ target, result }) => [target, result])).toEqual(
    expect.arrayContaining([
      ['b/sim', 'success'],
      ['a/sim+slow-first-token-60000', expect.not.stringMatching('success')],
    ]),
  );
  expect(copy).toMatchObject({ cause: 'mirror', attempts: [{ target: 'c/sim' }] });
});

test('fallbacks stay behind, in the order of their own strategy', async () => {
  const models = {
    smart: { targets: ['a/error-503'], fallbacks: ['spare'], with: { routing: { strategy: 'ordered' } } },
    spare: { targets: ['d/error-503', 'c/cheap', 'b/dear'], with: { routing: { strategy: 'ordered' } } },
  } as StageOptions['models'];
  const { targetsOf } = await bound({ models });
  expect(await targetsOf(2)).toEqual([
    ['a/error-503', 'd/error-503', 'c/cheap'],
    ['a/error-503', 'd/error-503', 'c/cheap'],
  ]);
});

test('aliases and patterns are routed like the model that they stand for', async () => {
  const routing = { strategy: 'ordered' };
  const models: StageOptions['models'] = {
    smart: { targets: ['b/one', 'a/two'], aliases: ['clever'], with: { routing } },
    'any/*': { targets: ['c/*', 'a/*', 'b/*'], with: { routing } },
  };
  const { targetsOf } = await bound({ models });
  expect(new Set((await targetsOf(6, { model: 'clever' })).flat())).toEqual(new Set(['b/one']));
  expect(new Set((await targetsOf(6, { model: 'any/thing' })).flat())).toEqual(new Set(['c/thing']));
});

test('whose turn it is survives a reload', async () => {
  const models = smart(['a/sim', 'b/sim', 'c/sim'], { strategy: 'round-robin' });
  const called: string[] = [];
  const count = inlinePlugin('count', ({ hooks }) =>
    hooks.meter.reserve.tap(({ target }) => {
      called.push(target.id);
      return undefined;
    }),
  );
  const { ask } = await bound({ models, behind: [count] });
  await ask();
  await ask();
  await stage?.reload();
  await ask();
  await ask();
  expect(called).toEqual(['a/sim', 'b/sim', 'c/sim', 'a/sim']);
});

/** A stage whose methods can be taken off it. */
async function bound(options: StageOptions): Promise<Pick<RoutingStage, 'ask' | 'targetsOf'>> {
  const started = await start(options);
  return { ask: started.ask.bind(started), targetsOf: started.targetsOf.bind(started) };
}

/** Moves the clock until all answers are there. */
async function until(answers: readonly Promise<unknown>[], clock: ManualClock): Promise<void> {
  let done = false;
  const all = Promise.all(answers).then(() => (done = true));
  while (!done) {
    clock.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
}
