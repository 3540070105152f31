/** The contract of the service `state`, as a suite: give it a way to open an empty state with a clock that you set. */
import type { State, Store } from '@gatewright/core';
import type { Runner } from '../runner.ts';
import { contentionTests } from './contention.ts';
import { leaseTests } from './leases.ts';
import { reserveTests } from './reserving.ts';
import { seedTests } from './seeding.ts';
import { settleTests } from './settling.ts';
import { slidingTests } from './sliding.ts';
import { windowTests } from './windows.ts';

/** One process that uses the state. */
export interface StateOwner {
  readonly state: State;
  /** Says that it lives, as it does every third of a lease. */
  renew(): Promise<void>;
  /** Dies: it settles and renews nothing any more. */
  die(): Promise<void>;
}

/** An empty state. */
export interface OpenState {
  /** How long an owner that renews nothing counts as alive, milliseconds. At least a minute: nothing is renewed by itself meanwhile. */
  readonly lease: number;
  /** One more process. All share the same counters, where the state can be shared; else they are handles in one process. */
  owner(): Promise<StateOwner>;
  /** Sets the state's clock, Unix milliseconds; it stands still in between, and is never set back. */
  setTime(time: number): Promise<void>;
  close(): Promise<void>;
}

export interface StateSuiteOptions {
  /**
   * Opens an empty state, whose clock stands at `time`; called once per test. Without a store, budgets must begin at
   * nothing.
   */
  open(start: { readonly time: number; readonly store?: Store }): Promise<OpenState>;
}

/** What a test's body gets. */
export interface StateStage extends OpenState {
  readonly first: StateOwner;
  readonly state: State;
}

/** Runs a test's body on a fresh state, and closes it whatever happens. */
export type WithState = (name: string, body: (stage: StateStage) => Promise<void>, store?: () => Store) => void;

/** When the tests begin: the start of a minute, an hour and a day, so far ahead that no real clock has passed it. */
export const START = Date.UTC(2100, 0, 1);

/** Registers the suite with the runner. */
export function stateSuite(runner: Runner, options: StateSuiteOptions): void {
  const withState: WithState = (name, body, store) => {
    runner.test(name, async () => {
      const open = await options.open({ time: START, ...(store === undefined ? {} : { store: store() }) });
      try {
        const first = await open.owner();
        const { lease } = open;
        const bound = { owner: () => open.owner(), setTime: (time: number) => open.setTime(time) };
        await body({ ...bound, lease, close: () => open.close(), first, state: first.state });
      } finally {
        await open.close();
      }
    });
  };
  runner.describe('reserving', () => reserveTests(withState));
  runner.describe('settling', () => settleTests(withState));
  runner.describe('windows', () => windowTests(withState));
  runner.describe('sliding windows', () => slidingTests(withState));
  runner.describe('leases', () => leaseTests(withState));
  runner.describe('budgets that the store knows', () => seedTests(withState));
  runner.describe('contention', () => contentionTests(withState));
}
