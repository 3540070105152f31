/** What the tests of this plugin open and wait for. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  isGatewayError,
  silentLogger,
  systemClock,
  type Claim,
  type Grant,
  type HoldRequest,
  type Posting,
  type Store,
} from '@gatewright/core';
import type { z } from 'zod';
import { options } from './options.ts';
import { RedisState } from './redis-state.ts';

export type Given = Partial<z.input<typeof options>> & { readonly store?: Store };

/** A state as a process of its own would have it, with a short lease. It is started. */
export async function openState({ store, ...given }: Given): Promise<RedisState> {
  const parsed = options.parse({ lease: 900, ...given });
  const state = new RedisState({
    options: parsed,
    clock: systemClock,
    log: silentLogger,
    owner: randomUUID(),
    seeds: { store, withoutStore: parsed.budgetsWithoutStore, timeout: parsed.storeTimeout },
  });
  await state.start();
  return state;
}

/** A budget over all of time: 10 of 100 nano-dollars. */
export function budget(scope: string, more: Partial<Claim> = {}): Claim {
  const window = { kind: 'total', name: 'total' } as const;
  return { scope, unit: 'nanos', window, kind: 'budget', amount: 10n, limit: 100n, ...more };
}

export function hold(id: string, ...claims: readonly Claim[]): HoldRequest {
  return { id, claims, memo: () => `{"memo":"${id}"}` };
}

export function bill(claim: Claim, actual: bigint, grant?: Grant): Posting {
  const { scope, unit, window, kind, amount } = claim;
  return {
    scope,
    unit,
    window: window.kind,
    name: window.name,
    period: grant?.period ?? '',
    kind,
    held: amount,
    actual,
  };
}

/** Asks until the answer is no `GW_STATE_UNAVAILABLE` any more. */
export async function whenBack<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries > 400 || !isGatewayError(error) || error.code !== 'GW_STATE_UNAVAILABLE') throw error;
      await sleep(25);
    }
  }
}

/** Spent and reserved of a claim's counter; undefined where it is not known. */
export async function standing(state: RedisState, claim: Claim): Promise<readonly [bigint, bigint] | undefined> {
  const [balance] = await whenBack(() => state.balances([claim]));
  return balance === undefined ? undefined : [balance.spent, balance.reserved];
}

/** Waits until something holds. */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await check()) return;
    await sleep(25);
  }
  throw new Error('It never came true.');
}
