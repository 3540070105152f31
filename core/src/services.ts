/** The services that plugins provide to each other: small typed interfaces, found by name. */
import type { Attempt } from './attempt.ts';
import type { Logger } from './logger.ts';
import type { Target } from './route.ts';
import type { Usage } from './usage.ts';

/** Money, in integer nano-dollars (1e-9 USD). */
export interface Cost {
  /** The whole cost of an attempt. */
  readonly nanos: bigint;
  readonly inputNanos: bigint;
  readonly outputNanos: bigint;
  /** Where the price came from: the catalogue's or the configuration's name of it. */
  readonly price: string;
}

/** Knows what targets cost. */
export interface Prices {
  /** The cost of what was used; undefined where the target has no price. `time` in Unix milliseconds: prices change. */
  cost(target: Target, usage: Usage, time: number): Cost | undefined;
  /** Whether the target has a price at all. */
  priced(target: Target, time: number): boolean;
}

/** What one meter wants reserved before an attempt. */
export interface Claim {
  /** Whose budget or limit: `key:abc`, `team:core`. The core puts the tenant before it. */
  readonly scope: string;
  /** The window's length in milliseconds; 0 for a count of things in flight. */
  readonly window: number;
  /** How much, in the limit's own integer unit. */
  readonly amount: bigint;
  /** The most that the window may hold. */
  readonly limit: bigint;
  readonly kind: 'budget' | 'limit';
}

export type Reservation =
  | { readonly ok: true }
  | { readonly ok: false; readonly refused: Claim; readonly retryAfter?: number };

/** Fast, shared, atomic state: holds on limits and budgets. */
export interface State {
  /** Takes all claims or none. Idempotent by hold id. */
  reserve(holdId: string, claims: readonly Claim[], attempt: Attempt): Promise<Reservation>;
  /** Gives a hold back; what was really used has been settled by the meters. Idempotent. */
  release(holdId: string): Promise<void>;
}

/** The table of services. A plugin adds one by declaration merging. */
export interface Services {
  prices: Prices;
  state: State;
  logger: Logger;
}

export type ServiceName = keyof Services;
