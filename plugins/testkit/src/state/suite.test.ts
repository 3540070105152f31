/** The suite tells a state that keeps its contract from one that does not. */
import type { Reservation, State } from '@gatewright/core';
import { expect, test } from 'vitest';
import type { Runner } from '../runner.ts';
import { stateSuite } from './suite.ts';

/** Runs the suite on a state. Answers the names of the tests that fail, and how many there are. */
async function run(state: State): Promise<{ failed: string[]; count: number }> {
  const bodies: [name: string, body: () => Promise<void>][] = [];
  const runner: Runner = {
    describe: (_name, body) => body(),
    test: (name, body) => bodies.push([name, body]),
  };
  const nothing = async (): Promise<void> => undefined;
  const owner = async (): Promise<{ state: State; renew: typeof nothing; die: typeof nothing }> => {
    return { state, renew: nothing, die: nothing };
  };
  stateSuite(runner, { open: async () => ({ lease: 60_000, owner, setTime: nothing, close: nothing }) });
  const failed: string[] = [];
  for (const [name, body] of bodies) await body().catch(() => failed.push(name));
  return { failed, count: bodies.length };
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
