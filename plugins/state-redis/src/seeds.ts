/** The base of budgets that a ledger does not know: the store's sums. */
import { GatewayError, type Claim, type Clock, type Rollup, type Store } from '@gatewright/core';
import { Seeds } from '@gatewright/state-memory';
import type { Connection } from './connection.ts';
import type { EpochKeys } from './keys.ts';
import { counterOf, rebuilding, type RedisLedger } from './redis-ledger.ts';
import { SCRIPTS } from './scripts/index.ts';

/** What a reload may change. */
export interface SeedSettings {
  readonly store: Store | undefined;
  readonly withoutStore: 'refuse' | 'zero';
  /** Milliseconds. */
  readonly timeout: number;
}

export class BudgetSeeds {
  readonly #connection: Connection;
  readonly #reads: Seeds;
  #settings: SeedSettings;

  constructor(connection: Connection, clock: Clock, settings: SeedSettings) {
    this.#connection = connection;
    this.#reads = new Seeds(clock);
    this.#settings = settings;
  }

  configure(settings: SeedSettings): void {
    this.#settings = settings;
  }

  get store(): Store | undefined {
    return this.#settings.store;
  }

  /** Whether budgets begin with what a store says, and not at nothing. */
  get needed(): boolean {
    return this.#settings.store !== undefined || this.#settings.withoutStore === 'refuse';
  }

  /** Tells the ledger what the store has summed for the budgets among these claims. */
  async plant(ledger: RedisLedger, epoch: EpochKeys, claims: readonly Claim[]): Promise<void> {
    const budgets = claims.filter(({ kind, window }) => kind === 'budget' && window.kind !== 'held');
    const { store, timeout } = this.#settings;
    if (budgets.length === 0 || !this.needed) return;
    if (store === undefined) throw withoutStore(budgets[0] as Claim);
    const sums = await this.#reads.read(store, new Set(budgets.map(({ scope }) => scope)), timeout);
    const keys = [ledger.keys.meta, ...budgets.map((claim) => counterOf(epoch, claim))];
    const values = budgets.flatMap((claim) => baseOf(claim, sums));
    const [status] = await this.#connection.run(SCRIPTS.seed, keys, [epoch.epoch, ...values]);
    if (status !== 'OK') throw rebuilding();
  }
}

function withoutStore({ label, scope }: Claim): GatewayError {
  return new GatewayError(
    'GW_STATE_UNAVAILABLE',
    `What the budget of ${label ?? scope} had spent is not known: Redis has no count of it, and there is no store to read it from.`,
    { retryable: false, help: 'Add a store plugin, or set budgetsWithoutStore: zero.' },
  );
}

/** How many sums, then part, amount and the end of the period of each. Periods that the claim does not name are over. */
function baseOf({ scope, unit, window }: Claim, sums: readonly Rollup[]): string[] {
  const values: string[] = [];
  for (const sum of sums) {
    if (sum.scope !== scope || sum.unit !== unit || sum.window !== window.kind || sum.name !== window.name) continue;
    if (window.kind !== 'periods') values.push('', `${sum.spent}`, '');
    const period = window.kind === 'periods' ? window.periods.find(({ id }) => id === sum.period) : undefined;
    if (period !== undefined) values.push(period.id, `${sum.spent}`, `${period.end}`);
  }
  return [`${values.length / 3}`, ...values];
}
