/**
 * The service `state`: fast, shared, atomic counts of what is spent and what is held.
 *
 * A counter is a scope, a unit and a window. Of each the state keeps two numbers: `spent`, what was really used, and
 * `reserved`, what the holds of exchanges under way may still use. A reservation fits where spent + reserved + amount
 * stays within the limit, for every claim of the hold, judged in one step.
 */
import type { AttemptOutcome } from './attempt.ts';
import type { Board } from './board.ts';
import type { GatewayError } from './errors.ts';
import type { Exchange } from './exchange.ts';

/** One of the periods that follow each other; times in Unix milliseconds, `end` is the first moment of the next. */
export interface Period {
  /** Unique within its window: `2026-11-22`, `29371182`. Usage rows keep it. */
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** Over which time a counter counts. `name` is part of the counter's identity. */
export type ClaimWindow =
  /** The last `length` milliseconds, at every moment. */
  | { readonly kind: 'sliding'; readonly name: string; readonly length: number }
  /** Periods that follow each other; the state takes the one that its own clock stands in. */
  | { readonly kind: 'periods'; readonly name: string; readonly periods: readonly Period[] }
  /** All of time. */
  | { readonly kind: 'total'; readonly name: string }
  /** Only while it is held: a count of what is under way. */
  | { readonly kind: 'held'; readonly name: string };

/** What is counted, where. */
export interface Counter {
  /** Whose: `key:abc`, `team:core`, `global`. */
  readonly scope: string;
  /** What is counted: `nanos` (nano-dollars), `tokens`, `requests`, or a plugin's own word. */
  readonly unit: string;
  readonly window: ClaimWindow;
}

/** What one meter wants reserved before an attempt. Claims on the same counter become one: the largest amount, the lowest limit. */
export interface Claim extends Counter {
  /** A budget's counts must survive the loss of the state: a budget that is not known is unknown, never zero. */
  readonly kind: 'budget' | 'limit';
  /** How much is held, in the counter's integer unit. */
  readonly amount: bigint;
  /** The most that the window may hold; absent where it is only counted. */
  readonly limit?: bigint | undefined;
  /** What was really used. Default: the amount that was held; a `held` window always goes back to nothing. */
  readonly actual?: ((outcome: AttemptOutcome) => bigint) | undefined;
  /**
   * What happens while the state cannot be reached. Default `closed`: the exchange is refused with 503. `allowance` lets
   * this much through, per process and outage.
   */
  readonly outage?: 'closed' | { readonly allowance: bigint } | undefined;
  /** A name for people, in errors: `budget "monthly" of team core`. Default: the scope. */
  readonly label?: string | undefined;
  /**
   * For an amount that is a guess: what should be held once an answer is expected to have so many output tokens. Asked
   * while it streams, when it nears what was expected.
   */
  readonly amountFor?: ((output: number) => bigint) | undefined;
  /** What happens where that does not fit: the stream ends with an error, or, by default, it finishes and is billed in full. */
  readonly whenShort?: 'stop' | 'finish' | undefined;
  /** What is thrown where it does not fit, of the attempt that the claim is for. Default: `GW_BUDGET_EXCEEDED` or `GW_RATE_LIMITED`. */
  readonly refusal?: (() => GatewayError) | undefined;
  /** Is told how the counter stands once it was reserved or refused: for headers, warnings, events. Must not throw. */
  readonly seen?: ((balance: Balance, exchange: Exchange) => void) | undefined;
}

/** How a counter stands. */
export interface Balance {
  readonly spent: bigint;
  /** Held by exchanges under way. */
  readonly reserved: bigint;
  readonly limit?: bigint;
  /** When the window resets, or, for a sliding one, when all of it has passed; Unix milliseconds. */
  readonly resetsAt?: number;
}

/** What was granted for one claim. */
export interface Grant {
  /** The period in which it was reserved, and in which it will be settled; '' for windows without periods. */
  readonly period: string;
  /** How the counter stands with this hold in it. */
  readonly balance: Balance;
}

export type Reservation =
  | {
      readonly ok: true;
      /** One for each claim, in their order. */
      readonly grants: readonly Grant[];
      /** Granted from the allowance of an outage; nothing shared was asked. */
      readonly outage?: boolean;
    }
  | {
      readonly ok: false;
      readonly refused: Claim;
      readonly balance?: Balance;
      /** Milliseconds until it could fit; absent where waiting does not help. */
      readonly retryAfter?: number;
    };

/** A hold to be taken. */
export interface HoldRequest {
  /** The attempt's id. */
  readonly id: string;
  readonly claims: readonly Claim[];
  /** What the bill of a process that died is written from: JSON, asked for only by states that outlive the process. */
  readonly memo: () => string;
  /** The id was made for this hold, and nobody has asked for it before: a state in this process need not look for it. */
  readonly fresh?: boolean;
}

/** What one counter is billed at the end of an attempt. */
export interface Posting {
  readonly scope: string;
  readonly unit: string;
  /** The window's kind and name. */
  readonly window: ClaimWindow['kind'];
  readonly name: string;
  readonly period: string;
  readonly kind: 'budget' | 'limit';
  /** What was held. */
  readonly held: bigint;
  /** What was really used. May be less than nothing: a refund. */
  readonly actual: bigint;
}

export interface SettleResult {
  /** The hold was gone: its lease had ended, or the state was lost. It was billed in full all the same. */
  readonly late: boolean;
  /** It had been settled before; nothing was changed. */
  readonly duplicate: boolean;
}

/** A hold whose owner is dead. */
export interface Orphan {
  readonly id: string;
  readonly memo: string;
  /** What it held, with `actual` still nothing. */
  readonly postings: readonly Posting[];
  /** When its lease ended, Unix milliseconds of the state's clock. */
  readonly expired: number;
}

/**
 * The rows of usage on their way from this process to the store. A state that lost its counts takes them from the store's
 * sums again, and must know what is in them.
 */
export interface Journal {
  /** Brings all rows written so far to the store, and keeps later ones back. Rejects where the store cannot be reached. */
  pause(): Promise<JournalPause>;
}

export interface JournalPause {
  /** Whether the row of an attempt was written before the pause, so that the sums have its bill. Asked of attempts not settled yet. */
  has(id: string): boolean;
  /**
   * Attempts whose rows the store got from this process since a moment (Unix milliseconds) and had not had before, with what
   * they are billed: a rebuild that was over by then did not know of them. As far as they are remembered.
   */
  storedSince?(time: number): readonly { readonly id: string; readonly postings: readonly Posting[] }[];
  /**
   * Attempts whose rows were written before this pause and are kept from the store by an earlier one that is still on: the
   * sums do not have their bills, and `has` does not know them.
   */
  heldBack?(): readonly { readonly id: string; readonly postings: readonly Posting[] }[];
  /** Lets the later rows go on to the store. */
  resume(): void;
}

/** Fast, shared, atomic state. All methods reject with `GW_STATE_UNAVAILABLE` where it cannot be reached or is not known. */
export interface State {
  /** Takes all claims or none. Idempotent by the hold's id. */
  reserve(hold: HoldRequest): Promise<Reservation>;
  /**
   * The same without a promise, for states that live in this process. Undefined where something has to be waited for: then
   * `reserve` is asked. Throws what that rejects with.
   */
  reserveNow?(hold: HoldRequest): Reservation | undefined;
  /**
   * Makes a hold as large as these amounts, one for each of its claims; all or none, and the hold stays as it was where
   * refused. An amount that is held already changes nothing, so that asking twice is asking once.
   */
  extend(id: string, amounts: readonly bigint[]): Promise<Reservation>;
  /** Gives a hold back and posts what was really used. Idempotent by id. With an id that was never held it is a posting. */
  settle(id: string, postings: readonly Posting[]): Promise<SettleResult>;
  /** The same without a promise, for states that live in this process. `grants`: those of the hold, which spare looking for it. */
  settleNow?(id: string, postings: readonly Posting[], grants?: readonly Grant[]): SettleResult;
  /** Holds of owners whose lease has ended; they stay counted until they are reclaimed, or settled by their owners after all. */
  orphans(most: number): Promise<readonly Orphan[]>;
  /**
   * Gives the hold of an orphan back and posts what is charged for it, until its owner's own bill comes: that takes the place of
   * this one. Idempotent by id; changes nothing where the hold was settled.
   */
  reclaim(id: string, postings: readonly Posting[]): Promise<SettleResult>;
  /** How counters stand; undefined where the state does not know. */
  balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]>;
  /** Small notices for all who share the state. Only states that can carry them have it. */
  readonly board?: Board;
  /** Whose rows a rebuild must wait for. Only states that can be rebuilt have it; the answer ends it. */
  follow?(journal: Journal): () => void;
  /**
   * The same counters for one more owner of holds, another process that speaks through this one. Only states that live in
   * one process have it. `close` says that the owner is gone: what it holds goes to `orphans` at once.
   */
  forOwner?(): OwnedState;
}

/** A state as one owner of holds sees it, who has to be told of its end. */
export interface OwnedState extends State {
  close(): void;
}
