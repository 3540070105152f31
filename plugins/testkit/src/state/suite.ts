/** The contract of the service `state`, as a suite: give it a way to open an empty state with a clock that you set. */
import { conforming } from '../badge.ts';
import type { Runner } from '../runner.ts';
import { boardTests } from './board.ts';
import { START } from './claims.ts';
import { contentionTests } from './contention.ts';
import { leaseTests } from './leases.ts';
import { reserveTests } from './reserving.ts';
import { seedTests } from './seeding.ts';
import { settleTests } from './settling.ts';
import { slidingTests } from './sliding.ts';
import type { StateSuiteOptions, WithState } from './stage.ts';
import { windowTests } from './windows.ts';

/** Registers the suite with the runner. */
export function stateSuite(runner: Runner, options: StateSuiteOptions): void {
  conforming(runner, 'state', (tracked) => stateTests(tracked, options));
}

function stateTests(runner: Runner, options: StateSuiteOptions): void {
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
  const { board = { within: 15_000 } } = options;
  if (board !== false) runner.describe('the board', () => boardTests(withState, board.within));
}
