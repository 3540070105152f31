/** The suite tells a state that keeps its contract from one that does not. */
import { GatewayError, type Board, type Notice, type Reservation, type State } from '@gatewright/core';
import { expect, test } from 'vitest';
import { resultOf, type Result } from '../failing.test.kit.ts';
import type { Runner } from '../runner.ts';
import type { OpenState } from './stage.ts';
import { stateSuite } from './suite.ts';

const nothing = async (): Promise<void> => undefined;

/** Runs the tests of the board, each on a state of its own. */
function runBoard(fresh: () => State): Promise<Result> {
  const open = async (): Promise<OpenState> => {
    const state = fresh();
    const owner = async () => ({ state, renew: nothing, die: nothing });
    return { lease: 60_000, owner, setTime: nothing, close: nothing };
  };
  const only = (runner: Runner): Runner => ({
    ...runner,
    describe: (name, body) => name === 'the board' && runner.describe(name, body),
  });
  return resultOf((runner) => stateSuite(only(runner), { open, board: { within: 300 } }));
}

/** Runs the suite on a state. */
async function run(state: State): Promise<Result> {
  const owner = async (): Promise<{ state: State; renew: typeof nothing; die: typeof nothing }> => {
    return { state, renew: nothing, die: nothing };
  };
  const open = async () => ({ lease: 60_000, owner, setTime: nothing, close: nothing });
  return resultOf((runner) => stateSuite(runner, { open, board: false }));
}

const GRANT = { period: '', balance: { spent: 0n, reserved: 0n } };

/** Grants whatever is asked, and remembers nothing. */
const generous: State = {
  reserve: async ({ claims }): Promise<Reservation> => ({ ok: true, grants: claims.map(() => GRANT) }),
  extend: async (): Promise<Reservation> => ({ ok: true, grants: [GRANT] }),
  settle: async () => ({ late: false, duplicate: false }),
  orphans: async () => [],
  reclaim: async () => ({ late: false, duplicate: false }),
  balances: async (counters) => counters.map(() => GRANT.balance),
};

test('a state that grants everything fails nearly every test', async () => {
  const { failed, count } = await run(generous);
  expect(count).toBeGreaterThan(40);
  expect(failed.length).toBeGreaterThan(count - 4);
});

/** A board that breaks one promise; the others it keeps. */
class BadBoard implements Board {
  readonly #fault: string;
  readonly #up = new Map<string, Map<string, Notice>>();
  readonly #listeners = new Map<string, Set<(notice: Notice) => void>>();

  constructor(fault: string) {
    this.#fault = fault;
  }

  async post(topic: string, key: string, value: string, ttl: number): Promise<void> {
    const tooLarge = topic === '' || key === '' || key.length > 200 || value.length > 2000 || ttl < 1;
    if (tooLarge && this.#fault !== 'takes all') throw new GatewayError('GW_PLUGIN_CONTRACT', 'Too large.');
    const up = this.#upOf(topic);
    const isNews = up.get(key)?.value !== value;
    // Time is short in these tests: what is up for less than a second goes at once.
    if (ttl >= 1000 || this.#fault === 'keeps for ever') up.set(key, { key, value, left: ttl });
    const [oldest] = up.keys();
    if (up.size > 1000 && oldest !== undefined && this.#fault !== 'has no end') up.delete(oldest);
    if (this.#fault === 'tells late comers only' || (this.#fault === 'tells news only' && !isNews)) return;
    for (const listener of this.#listenersOf(topic)) listener({ key, value, left: ttl });
  }

  follow(topic: string, listener: (notice: Notice) => void): () => void {
    if (this.#fault !== 'forgets late comers') for (const notice of this.#upOf(topic).values()) listener(notice);
    this.#listenersOf(topic).add(listener);
    return () => void (this.#fault !== 'does not stop' && this.#listenersOf(topic).delete(listener));
  }

  #upOf(topic: string): Map<string, Notice> {
    const name = this.#fault === 'mixes topics' ? '' : topic;
    const up = this.#up.get(name) ?? new Map<string, Notice>();
    this.#up.set(name, up);
    return up;
  }

  #listenersOf(topic: string): Set<(notice: Notice) => void> {
    const name = this.#fault === 'mixes topics' ? '' : topic;
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    return listeners;
  }
}

test.each([
  ['breaks nothing', 0],
  ['keeps for ever', 1],
  ['takes all', 1],
  ['has no end', 1],
  ['tells late comers only', 4],
  ['tells news only', 1],
  ['forgets late comers', 3],
  ['does not stop', 1],
  ['mixes topics', 1],
] as const)('a board that %s fails at least %i of its tests', async (fault, least) => {
  const { failed } = await runBoard(() => ({ ...generous, board: new BadBoard(fault) }));
  if (least === 0) expect(failed).toEqual([]);
  else expect(failed.length).toBeGreaterThanOrEqual(least);
});

test('a state without a board fails all of them, unless it says so', async () => {
  const { failed, count } = await runBoard(() => generous);
  expect(failed.length).toBe(count);
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
