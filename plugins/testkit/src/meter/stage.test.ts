/** The suites pass meters that keep the contract, and catch by name those that break one rule of it. */
import type { Plugin } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { resultOf } from '../failing.test.kit.ts';
import { manifest } from '../sample.test.kit.ts';
import { budgetSuite } from './budget-suite.ts';
import { countingState, meter, type Fault, type MeterWay } from './counting.test.kit.ts';
import { limiterSuite } from './limiter-suite.ts';

const WINDOW = 60_000;

const LIMIT: MeterWay = {
  kind: 'limit',
  unit: 'requests',
  amount: 1n,
  limit: 3n,
  scope: (key) => `key:${key}`,
  actual: () => 1n,
};

/** A token is a thousand nano-dollars; a request reserves twenty of them, and uses fifteen. */
const BUDGET: MeterWay = {
  ...LIMIT,
  kind: 'budget',
  unit: 'nanos',
  amount: 20_000n,
  limit: 80_000n,
  actual: ({ usage }) => 1000n * BigInt((usage?.input ?? 0) + (usage?.output ?? 0)),
};

async function limiter(more: Partial<MeterWay> = {}, fault?: Fault): Promise<readonly string[]> {
  const plugin: Plugin = meter({ ...LIMIT, ...more });
  const plugins = [{ use: countingState(WINDOW, fault) }];
  const options = { plugin, manifest, options: {}, plugins, requests: 3, window: WINDOW };
  return (await resultOf((runner) => limiterSuite(runner, options))).failed;
}

async function budget(more: Partial<MeterWay> = {}, fault?: Fault): Promise<readonly string[]> {
  const plugin: Plugin = meter({ ...BUDGET, ...more });
  const plugins = [{ use: countingState(Infinity, fault) }];
  const options = { plugin, manifest, options: {}, plugins, requests: 5 };
  return (await resultOf((runner) => budgetSuite(runner, options))).failed;
}

test('a limiter and a budget that keep the contract pass', async () => {
  expect(await limiter()).toEqual([]);
  expect(await budget()).toEqual([]);
});

const FITS = 'what fits is let through, and what does not is refused';
const OTHERS = 'one caller does not use up what another has';
const AT_ONCE = 'many at once get no more than one after the other';

describe('a limiter is caught that', () => {
  test.each<[fault: string, more: Partial<MeterWay>, state: Fault, caught: string]>([
    ['lets everything through', { limit: 1000n }, undefined, FITS],
    ['lets one too few through', { limit: 2n }, undefined, FITS],
    ['counts callers together', { scope: () => 'all' }, undefined, OTHERS],
    ['stands on a state that counts callers together', {}, 'counts callers together', OTHERS],
    ['does not hold what is under way', {}, 'forgets holds', AT_ONCE],
    ['counts what is refused', { byItself: true }, undefined, OTHERS],
    [
      'never forgets',
      {},
      'never forgets',
      'when the window has passed, requests fit again, and in another one as many as before',
    ],
    [
      'does not say when to come back',
      { byItself: true },
      undefined,
      'a refusal says when to come back, and whoever does is let through',
    ],
    ['looks at the first target only', { first: true, limit: 0n }, undefined, FITS],
  ])('%s', async (_fault, more, state, caught) => {
    expect(await limiter(more, state)).toContain(caught);
  });
});

describe('a budget is caught that', () => {
  test.each<[fault: string, more: Partial<MeterWay>, state: Fault, caught: string]>([
    ['lets everything through', { limit: 10_000_000n }, undefined, FITS],
    ['does not hold what is under way', {}, 'forgets holds', AT_ONCE],
    [
      'never gives back what was not used',
      { actual: () => 20_000n },
      undefined,
      'what was reserved and not used is free again',
    ],
    ['bills errors', { actual: () => 20_000n }, undefined, 'an error of the provider costs nothing'],
    [
      'calls itself a limit',
      { kind: 'limit' },
      undefined,
      'what is claimed is money of a budget, in whole nano-dollars',
    ],
    ['counts tokens', { unit: 'tokens' }, undefined, 'what is claimed is money of a budget, in whole nano-dollars'],
    [
      'says that it is a limit',
      { kind: 'limit' },
      undefined,
      'a budget that is used up says so, by a code that tells it from a limit',
    ],
    ['counts callers together', { scope: () => 'all' }, undefined, OTHERS],
    [
      'looks at the first target only',
      { first: true },
      undefined,
      'the second target of a fallback is judged like the first',
    ],
  ])('%s', async (_fault, more, state, caught) => {
    expect(await budget(more, state)).toContain(caught);
  });
});
