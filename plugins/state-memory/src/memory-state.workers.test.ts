/** The contract of the service `state`, kept in one process and used from others. */
import { remoteState, type Clock, type State } from '@gatewright/core';
import { inWorker, stateSuite, type OpenState, type StateSuiteOptions } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { MemoryState } from './memory-state.ts';

const LEASE = 60_000;
const open: StateSuiteOptions['open'] = async ({ time, store }) => {
  let now = time;
  // Timers never fire: an owner that dies is known to be gone.
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  const ledger = new Ledger(clock, { lease: LEASE, seedTimeout: 1000, store });
  const opened: OpenState = {
    lease: LEASE,
    async owner() {
      const owned = new MemoryState(ledger, `owner-${Math.floor(now)}-${owners++}`);
      const { service: state } = inWorker<State>(remoteState, {
        ...bound(owned),
        forOwner: () => Object.assign(bound(owned), { close: () => owned.close() }),
      });
      return { state, renew: async () => owned.renew(), die: async () => owned.close() };
    },
    async setTime(to) {
      now = to;
    },
    close: async () => undefined,
  };
  return opened;
};

let owners = 0;

function bound(state: MemoryState): State {
  return {
    board: state.board,
    reserve: (hold) => state.reserve(hold),
    extend: (id, amounts) => state.extend(id, amounts),
    settle: (id, postings) => state.settle(id, postings),
    orphans: (most) => state.orphans(most),
    reclaim: (id, postings) => state.reclaim(id, postings),
    balances: (counters) => state.balances(counters),
  };
}

describe('the contract', () => {
  stateSuite({ describe, test }, { open });
});

test('what a worker holds whose process is gone goes to orphans at once', async () => {
  const clock: Clock = { now: () => 1000, monotonic: () => 1000, after: () => () => undefined };
  const state = new MemoryState(new Ledger(clock, { lease: LEASE, seedTimeout: 1000 }), 'primary');
  const [gone, other] = [inWorker<State>(remoteState, state), inWorker<State>(remoteState, state)];
  const window = { kind: 'total', name: 'total' } as const;
  const claim = { scope: 'a', unit: 'nanos', window, kind: 'budget', amount: 6n, limit: 10n } as const;
  await gone.service.reserve({ id: 'h1', claims: [claim], memo: () => 'who asked' });
  expect(await other.service.orphans(10)).toEqual([]);
  gone.served.close();
  expect(await other.service.orphans(10)).toMatchObject([{ id: 'h1', memo: 'who asked' }]);
});
