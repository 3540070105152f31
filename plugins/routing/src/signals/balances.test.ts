/** What is left of a target's budgets and limits: learned from reservations, asked for again beside the requests. */
import type { Attempt, Balance, Claim, ClaimWindow, Counter, State } from '@gatewright/core';
import { expect, test } from 'vitest';
import { asked, chain, ids, target, targets } from '../rig.test.kit.ts';
import { MostBudget } from '../strategies/most-budget.ts';
import { ManualClock } from '@gatewright/testkit';
import { Balances } from './balances.ts';

const TOTAL: ClaimWindow = { kind: 'total', name: 'ever' };

function attempt(to: string, claims: readonly (Partial<Claim> & { spent: bigint; resetsAt?: number })[]): Attempt {
  return {
    target: target(to),
    reserved: {
      claims: claims.map((claim): Claim => {
        return {
          kind: 'limit',
          scope: `target:${to}`,
          unit: 'tokens',
          window: TOTAL,
          amount: 1n,
          limit: 100n,
          ...claim,
        };
      }),
      grants: claims.map(({ spent, resetsAt }) => {
        return { period: '', balance: { spent, reserved: 0n, ...(resetsAt === undefined ? {} : { resetsAt }) } };
      }),
    },
  } as unknown as Attempt;
}

/** A state that answers what it is told to, and notes what it was asked. */
function state(answer: (counter: Counter) => Balance | undefined | Error): State & { asked: Counter[][] } {
  const asked: Counter[][] = [];
  const balances = (counters: readonly Counter[]): Promise<(Balance | undefined)[]> => {
    asked.push([...counters]);
    const answers = counters.map(answer);
    const error = answers.find((one) => one instanceof Error);
    return error === undefined ? Promise.resolve(answers as (Balance | undefined)[]) : Promise.reject(error);
  };
  return { asked, balances } as unknown as State & { asked: Counter[][] };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the smallest part that is left of any counter of the target counts', () => {
  const balances = new Balances();
  expect(balances.left('p/1', 0)).toBe(1);
  balances.learn(attempt('p/1', [{ spent: 25n }, { spent: 600n, limit: 1000n, scope: 'provider:p' }]), 0);
  expect(balances.left('p/1', 0)).toBeCloseTo(0.4);
});

test('what callers have left of their own does not count', () => {
  const balances = new Balances();
  const scopes = ['key:k', 'global', 'team:t target:p/1', 'model:smart'];
  balances.learn(
    attempt(
      'p/1',
      scopes.map((scope) => ({ scope, spent: 99n })),
    ),
    0,
  );
  expect(balances.left('p/1', 0)).toBe(1);
  balances.learn(attempt('p/1', [{ scope: 'provider:p target:p/1', spent: 99n }]), 0);
  expect(balances.left('p/1', 0)).toBeCloseTo(0.01);
});

test('a counter that several targets share is one', () => {
  const balances = new Balances();
  balances.learn(attempt('p/1', [{ scope: 'provider:p', spent: 10n }]), 0);
  balances.learn(attempt('p/2', [{ scope: 'provider:p', spent: 70n }]), 0);
  expect([balances.left('p/1', 0), balances.left('p/2', 0)].map((left) => left.toFixed(2))).toEqual(['0.30', '0.30']);
});

test('when its window has passed, all of it is left again', () => {
  const balances = new Balances();
  balances.learn(attempt('p/1', [{ spent: 90n, resetsAt: 5000 }]), 0);
  expect(balances.left('p/1', 4999)).toBeCloseTo(0.1);
  expect(balances.left('p/1', 5000)).toBe(1);
});

test('a limit that was taken out of the configuration is forgotten after a while', () => {
  const balances = new Balances();
  balances.learn(attempt('p/1', [{ spent: 100n }]), 0);
  expect(balances.left('p/1', 599_999)).toBe(0);
  expect(balances.left('p/1', 600_000)).toBe(1);
});

test('a limit that was raised counts as it is now', () => {
  const balances = new Balances();
  balances.learn(attempt('p/1', [{ spent: 90n }]), 0);
  balances.learn(attempt('p/1', [{ spent: 90n, limit: 900n }]), 1);
  expect(balances.left('p/1', 1)).toBeCloseTo(0.9);
});

test('what is old is asked for, at most every two seconds, one question at a time', async () => {
  const balances = new Balances();
  const source = state(() => ({ spent: 40n, reserved: 10n }));
  balances.use(source);
  balances.learn(attempt('p/1', [{ spent: 90n }]), 0);
  balances.refresh(1999);
  expect(source.asked).toEqual([]);
  balances.refresh(4000);
  balances.refresh(9000);
  expect(source.asked).toHaveLength(1);
  expect(source.asked[0]).toEqual([{ scope: 'target:p/1', unit: 'tokens', window: TOTAL }]);
  await turn();
  expect(balances.left('p/1', 9000)).toBeCloseTo(0.5);
  balances.refresh(9000);
  expect(source.asked).toHaveLength(2);
});

test('a state that cannot be reached, or does not know, leaves the last figures', async () => {
  const balances = new Balances();
  balances.learn(attempt('p/1', [{ spent: 90n }]), 0);
  for (const answer of [new Error('gone'), undefined]) {
    balances.use(state(() => answer));
    balances.refresh(answer === undefined ? 20_000 : 10_000);
    await turn();
    expect(balances.left('p/1', 10_000)).toBeCloseTo(0.1);
  }
});

test('most budget: the largest part first, ties as they come', () => {
  const clock = new ManualClock(0);
  const balances = new Balances();
  const strategy = new MostBudget(balances, clock);
  expect(ids(chain(strategy).order(targets(3), asked()))).toEqual(['p/1', 'p/2', 'p/3']);
  balances.learn(attempt('p/1', [{ spent: 80n }]), 0);
  balances.learn(attempt('p/2', [{ spent: 30n }]), 0);
  expect(ids(chain(strategy).order(targets(4), asked()))).toEqual(['p/3', 'p/4', 'p/2', 'p/1']);
  expect(strategy.reason(target('p/1'))).toBe('20 % left');
});
