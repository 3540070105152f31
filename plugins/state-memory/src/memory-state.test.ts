/** The contract of the service `state`, kept in memory. */
import { randomUUID } from 'node:crypto';
import type { Clock, State } from '@gatewright/core';
import { stateSuite, type OpenState, type StateSuiteOptions } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { MemoryState } from './memory-state.ts';

const LEASE = 60_000;

const open: StateSuiteOptions['open'] = async ({ time, store }) => {
  let now = time;
  // Timers never fire: the suite says when somebody renews.
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  const ledger = new Ledger(clock, { lease: LEASE, seedTimeout: 1000, store });
  const opened: OpenState = {
    lease: LEASE,
    async owner() {
      const state = new MemoryState(ledger, randomUUID());
      return { state, renew: async () => state.renew(), die: async () => state.close() };
    },
    async setTime(to) {
      now = to;
    },
    close: async () => undefined,
  };
  return opened;
};

describe('the contract', () => {
  stateSuite({ describe, test }, { open });
});

describe('the contract, without promises where nothing is waited for', () => {
  const atOnce: StateSuiteOptions['open'] = async (start) => {
    const opened = await open(start);
    return {
      ...opened,
      async owner() {
        const { state, ...rest } = await opened.owner();
        const reserve: State['reserve'] = async (hold) => state.reserveNow?.(hold) ?? state.reserve(hold);
        const settle: State['settle'] = async (id, postings) =>
          state.settleNow?.(id, postings) ?? state.settle(id, postings);
        const board = state.board as NonNullable<State['board']>;
        return { ...rest, state: { ...bound(state), board, reserve, settle } };
      },
    };
  };
  stateSuite({ describe, test }, { open: atOnce });
});

test('the contract finds a state in which growing twice grows a hold twice', async () => {
  const broken: StateSuiteOptions['open'] = async (start) => {
    const opened = await open(start);
    return {
      ...opened,
      async owner() {
        const { state, ...rest } = await opened.owner();
        return { ...rest, state: withExtend(state, adding(state)) };
      },
    };
  };
  const failed: string[] = [];
  const tests: Promise<void>[] = [];
  const run = (name: string, body: () => Promise<void>): void =>
    void tests.push(body().catch(() => void failed.push(name)));
  stateSuite({ describe: (_name, body) => body(), test: run }, { open: broken });
  await Promise.all(tests);
  expect(failed).toContain('growing twice is growing once, and no hold shrinks');
});

/** The same state with another `extend`. */
function withExtend(state: State, extend: State['extend']): State {
  return { ...bound(state), extend };
}

function bound(state: State): State {
  return {
    reserve: (hold) => state.reserve(hold),
    extend: (id, amounts) => state.extend(id, amounts),
    settle: (id, postings) => state.settle(id, postings),
    orphans: (most) => state.orphans(most),
    reclaim: (id, postings) => state.reclaim(id, postings),
    balances: (counters) => state.balances(counters),
  };
}

/** Takes every amount for one more to be added, once it was asked for the first time. */
function adding(state: State): State['extend'] {
  const sums = new Map<string, readonly bigint[]>();
  return (id, amounts) => {
    const before = sums.get(id);
    const sum = amounts.map((amount, index) => amount + (before?.[index] ?? 0n));
    sums.set(id, sum);
    return state.extend(id, sum);
  };
}
