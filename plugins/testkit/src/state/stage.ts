/** What a test of a state runs on: a fresh state, its owners and its clock. */
import type { State, Store } from '@gatewright/core';

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
  /** How long a notice may take to be seen, milliseconds; default 15,000, for a busy machine. `false`: the state has no board. */
  readonly board?: false | { readonly within: number };
}

/** What a test's body gets. */
export interface StateStage extends OpenState {
  readonly first: StateOwner;
  readonly state: State;
}

/** Runs a test's body on a fresh state, and closes it whatever happens. */
export type WithState = (name: string, body: (stage: StateStage) => Promise<void>, store?: () => Store) => void;
