/** The suite tells a state that keeps its contract from one that does not. */
import type { Reservation, State } from '@gatewright/core';
import { expect, test } from 'vitest';
import { resultOf, type Result } from '../failing.test.kit.ts';
import { stateSuite } from './suite.ts';

/** Runs the suite on a state. */
async function run(state: State): Promise<Result> {
  const nothing = async (): Promise<void> => undefined;
  const owner = async (): Promise<{ state: State; renew: typeof nothing; die: typeof nothing }> => {
    return { state, renew: nothing, die: nothing };
  };
  const open = async () => ({ lease: 60_000, owner, setTime: nothing, close: nothing });
  return resultOf((runner) => stateSuite(runner, { open }));
}

const GRANT = { period: '', balance: { spent: 0n, reserved: 0n } };

/** Grants whatever is asked, and remembers nothing. */
const generous: State = {
  reserve: async ({ claims }): Promise<Reservation> => ({ ok: true, grants: claims.map(() => GRANT) }),
  extend: async (): Promise<Reservation> => ({ ok: true, grants: [GRANT] }),
  settle: async () => ({ late: false, duplicate: false }),
  orphans: async () => [],
  balances: async (counters) => counters.map(() => GRANT.balance),
};

test('a state that grants everything fails nearly every test', async () => {
  const { failed, count } = await run(generous);
  expect(count).toBeGreaterThan(40);
  expect(failed.length).toBeGreaterThan(count - 4);
});

test('a state that refuses everything fails nearly every test', async () => {
  const mean: State = {
    ...generous,
    reserve: async ({ claims }) => {
      const [refused] = claims;
      if (refused === undefined) throw new Error('There is nothing to refuse.');
      return { ok: false, refused };
    },
  };
  const { failed, count } = await run(mean);
  expect(failed.length).toBeGreaterThan(count - 4);
});
