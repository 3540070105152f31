/** What the routes work with: records, money, time. */
import type { KeyService } from '@gatewright/auth-keys';
import { type Budget, type BudgetTerms, type Records } from '@gatewright/auth-keys/records';
import {
  isGatewayError,
  type Clock,
  type Health,
  type Logger,
  type NormalModel,
  type Prices,
  type Reloading,
  type State,
} from '@gatewright/core';
import type { Store, UsageField } from '@gatewright/core';
import { scopeOf, sharedScopeOf, type Holder } from './scopes.ts';
import { Standings, type Counted, type Standing } from './standing.ts';

export interface DeskParts {
  readonly store: Store;
  readonly keys: KeyService;
  readonly state: State | undefined;
  readonly prices: Prices | undefined;
  readonly health: Health | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly models: () => readonly NormalModel[];
  readonly reloading: Reloading;
}

interface Holding {
  readonly budgets?: readonly BudgetTerms[] | undefined;
  readonly budgetIds?: readonly string[] | undefined;
}

/** How often a change is made anew where somebody else was faster. */
const TRIES = 5;

export class Desk {
  readonly records: Records;
  readonly standings: Standings;
  readonly parts: DeskParts;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.records = parts.keys.records;
    this.standings = new Standings(parts.store, parts.state, parts.clock);
  }

  now(): number {
    return this.parts.clock.now();
  }

  /** Makes a change, and lets this process work by it before the answer goes out. */
  async changed<T>(change: Promise<T>): Promise<T> {
    const made = await change;
    // The change is in the store; whoever follows the log hears of it all the same.
    await this.parts.keys.sync().catch((error: unknown) => {
      this.parts.log.warn('A change of records could not be read back at once.', { error });
    });
    return made;
  }

  /** Reads, works out what to write, and writes it, anew where somebody else wrote meanwhile. */
  async retried<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!isGatewayError(error) || error.code !== 'GW_CONFLICT' || tries === TRIES) throw error;
      }
    }
  }

  /** The budgets that count for a record: its own, and the shared ones that it names. */
  async counted(holder: Holder, id: string, { budgets = [], budgetIds = [] }: Holding): Promise<Counted[]> {
    const own = budgets.map((terms) => ({ scope: scopeOf(holder, id, terms), terms }));
    const shared = await Promise.all(budgetIds.map((one) => this.records.budgets.get(one)));
    const theirs = shared.flatMap((record) =>
      record === undefined
        ? []
        : record.value.budgets.map((terms: Budget['budgets'][number]) => ({
            scope: sharedScopeOf(holder, id, record, terms),
            terms,
            budgetId: record.id,
          })),
    );
    return [...own, ...theirs];
  }

  async standing(holder: Holder, id: string, value: Holding): Promise<Standing[]> {
    return this.standings.of(await this.counted(holder, id, value));
  }

  /** What was ever spent in a name, in nano-dollars. */
  async spent(field: Exclude<UsageField, 'day'>, id: string): Promise<bigint> {
    const [row] = await this.parts.store.report({ where: { [field]: id } }, []);
    return row?.nanos ?? 0n;
  }
}
