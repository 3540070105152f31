/** The contract of the service `store`, as a suite: give it a way to open an empty store. */
import type { Store } from '@gatewright/core';
import { conforming } from '../badge.ts';
import type { Runner } from '../runner.ts';
import { changeTests } from './changes.ts';
import { recordTests } from './records.ts';
import { reportTests } from './reports.ts';
import { usageTests } from './usage.ts';

/** An empty store, and a second handle on it as another replica has one (the same store, where there can be only one). */
export interface OpenStore {
  readonly store: Store;
  readonly replica: Store;
  close(): Promise<void>;
}

export interface StoreSuiteOptions {
  /** Opens an empty store; called once per test. */
  open(): Promise<OpenStore>;
}

/** Runs a test's body on a fresh store, and closes it whatever happens. */
export type WithStore = (name: string, body: (open: OpenStore) => Promise<void>) => void;

/** Registers the suite with the runner. */
export function storeSuite(runner: Runner, options: StoreSuiteOptions): void {
  conforming(runner, 'store', (tracked) => storeTests(tracked, options));
}

function storeTests(runner: Runner, options: StoreSuiteOptions): void {
  const withStore: WithStore = (name, body) => {
    runner.test(name, async () => {
      const open = await options.open();
      try {
        await body(open);
      } finally {
        await open.close();
      }
    });
  };
  runner.describe('records', () => recordTests(withStore));
  runner.describe('changes, audit and epoch', () => changeTests(withStore));
  runner.describe('usage', () => usageTests(withStore));
  runner.describe('reports', () => reportTests(withStore));
}
