/** How budgets stand: what is spent, what is reserved, what is left. */
import type { BudgetTerms } from '@gatewright/auth-keys/records';
import { Windows } from '@gatewright/budgets/windows';
import { isGatewayError, type Balance, type ClaimWindow, type Clock, type Counter } from '@gatewright/core';
import type { Rollup, State, Store } from '@gatewright/core';
import { z } from 'zod';
import { exact, toExact } from './dollars.ts';

export const standingShape = z.strictObject({
  scope: z.string().describe('Whose counter it is: key:…, team:…'),
  window: z.string(),
  time_zone: z.string(),
  models: z.array(z.string()).nullable().describe('The models that it is for; null for all.'),
  budget_id: z.string().nullable().describe('The shared budget that it comes from.'),
  limit: exact,
  soft: exact.nullable(),
  spent: exact.describe('What was really spent; never clamped.'),
  reserved: exact.nullable().describe('What requests under way may still spend; null while the state is out of reach.'),
  remaining: exact.describe('limit - spent - reserved; less than nothing where more was spent.'),
  resets_at: z.string().nullable(),
});
export type Standing = z.output<typeof standingShape>;

/** A budget, and under which scope it is counted. */
export interface Counted {
  readonly scope: string;
  readonly terms: BudgetTerms;
  readonly budgetId?: string | undefined;
}

/** A counter's place in the sums, and its window now. */
export interface Place extends Counter {
  readonly period: string;
  readonly resetsAt?: number;
}

export class Standings {
  readonly #store: Store;
  readonly #state: State | undefined;
  readonly #clock: Clock;
  readonly #windows: Windows;

  constructor(store: Store, state: State | undefined, clock: Clock) {
    this.#store = store;
    this.#state = state;
    this.#clock = clock;
    this.#windows = new Windows(clock);
  }

  /** One for each budget, in their order. */
  async of(budgets: readonly Counted[]): Promise<Standing[]> {
    const balances = await this.balances(budgets.map((one) => this.place(one.scope, one.terms)));
    return budgets.map((one, index) => shown(one, balances[index] ?? { spent: 0n }));
  }

  /** How counters stand; without `reserved` where only the store could be asked. */
  async balances(places: readonly Place[]): Promise<(Partial<Balance> & { readonly spent: bigint })[]> {
    if (places.length === 0) return [];
    const live = await this.#live(places);
    const unknown = places.filter((_, index) => live[index] === undefined);
    const sums = unknown.length === 0 ? [] : await this.#store.rollups([...new Set(unknown.map(({ scope }) => scope))]);
    return places.map((place, index) => {
      const { resetsAt } = place;
      const balance = live[index] ?? { spent: sums.find((sum) => isAt(sum, place))?.spent ?? 0n };
      return resetsAt === undefined ? balance : { ...balance, resetsAt };
    });
  }

  /** Where a budget is counted now. */
  place(scope: string, { window: text, timeZone = 'UTC' }: Pick<BudgetTerms, 'window' | 'timeZone'>): Place {
    const window = this.#windows.of(text, timeZone);
    return { scope, unit: 'nanos', window, ...this.#periodOf(window) };
  }

  #periodOf(window: ClaimWindow): { readonly period: string; readonly resetsAt?: number } {
    if (window.kind !== 'periods') return { period: '' };
    const now = this.#clock.now();
    const current = window.periods.find(({ start, end }) => start <= now && now < end);
    return current === undefined ? { period: '' } : { period: current.id, resetsAt: current.end };
  }

  async #live(places: readonly Place[]): Promise<readonly (Balance | undefined)[]> {
    try {
      return (await this.#state?.balances(places)) ?? [];
    } catch (error) {
      if (isGatewayError(error) && error.code === 'GW_STATE_UNAVAILABLE') return [];
      throw error;
    }
  }
}

function isAt(sum: Rollup, { scope, unit, window, period }: Place): boolean {
  const { name, kind } = window;
  return sum.scope === scope && sum.unit === unit && sum.window === kind && sum.name === name && sum.period === period;
}

function shown({ scope, terms, budgetId }: Counted, balance: Partial<Balance> & { readonly spent: bigint }): Standing {
  const { limit, soft, window, timeZone = 'UTC', models } = terms;
  const { spent, reserved, resetsAt } = balance;
  return {
    scope,
    window,
    time_zone: timeZone,
    models: models ?? null,
    budget_id: budgetId ?? null,
    limit: toExact(BigInt(limit)),
    soft: soft === undefined ? null : toExact(BigInt(soft)),
    spent: toExact(spent),
    reserved: reserved === undefined ? null : toExact(reserved),
    remaining: toExact(BigInt(limit) - spent - (reserved ?? 0n)),
    resets_at: resetsAt === undefined ? null : new Date(resetsAt).toISOString(),
  };
}
