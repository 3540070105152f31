/** The contract of the service `state`, kept in one process and used from others. */
import { deserialize, serialize } from 'node:v8';
import { remoteState, type Clock, type Served, type ServiceLink, type State } from '@gatewright/core';
import { stateSuite, type OpenState, type StateSuiteOptions } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { MemoryState } from './memory-state.ts';

const LEASE = 60_000;
const copy = <T>(value: T): T => deserialize(serialize(value)) as T;

interface Worker {
  readonly state: State;
  readonly served: Served;
}

/** A worker of the process that has this state: what goes between them is copied. */
function workerOf(state: State): Worker {
  const listeners = new Map<string, Set<(value: never) => void>>();
  const served = remoteState.serve(state, (topic, value) => {
    for (const listener of listeners.get(topic) ?? []) listener(copy(value) as never);
  });
  const link: ServiceLink = {
    call: async (method, ...args) => copy(await served.call(method, copy(args))) as never,
    on(topic, listener) {
      const list = listeners.get(topic) ?? new Set();
      listeners.set(topic, list.add(listener));
      return () => list.delete(listener);
    },
  };
  return { state: remoteState.connect(link), served };
}

const open: StateSuiteOptions['open'] = async ({ time, store }) => {
  let now = time;
  // Timers never fire: an owner that dies is known to be gone.
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  const ledger = new Ledger(clock, { lease: LEASE, seedTimeout: 1000, store });
  const opened: OpenState = {
    lease: LEASE,
    async owner() {
      const owned = new MemoryState(ledger, `owner-${Math.floor(now)}-${owners++}`);
      const { state } = workerOf({
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
    balances: (counters) => state.balances(counters),
  };
}

describe('the contract', () => {
  stateSuite({ describe, test }, { open });
});

test('what a worker holds whose process is gone goes to orphans at once', async () => {
  const clock: Clock = { now: () => 1000, monotonic: () => 1000, after: () => () => undefined };
  const state = new MemoryState(new Ledger(clock, { lease: LEASE, seedTimeout: 1000 }), 'primary');
  const [gone, other] = [workerOf(state), workerOf(state)];
  const window = { kind: 'total', name: 'total' } as const;
  const claim = { scope: 'a', unit: 'nanos', window, kind: 'budget', amount: 6n, limit: 10n } as const;
  await gone.state.reserve({ id: 'h1', claims: [claim], memo: () => 'who asked' });
  expect(await other.state.orphans(10)).toEqual([]);
  gone.served.close();
  expect(await other.state.orphans(10)).toMatchObject([{ id: 'h1', memo: 'who asked' }]);
});
