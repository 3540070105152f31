/** Where the counters of a process's claims are: in one ledger, or spread over several. */
import type { Balance, Counter, HoldRequest, Orphan, Posting, Reservation, SettleResult } from '@gatewright/core';
import type { RedisLedger } from './redis-ledger.ts';

export interface Book {
  /** The hash tags of the ledgers in use. */
  readonly tags: readonly string[];
  /** Called when the server answers: looks what is there. */
  open(): Promise<void>;
  /** Stops working until it is opened again. */
  leave(): void;
  /** An answer shows that others have begun another epoch, or, with `lost`, that data is missing. */
  doubt(ledger: RedisLedger, lost: boolean): void;
  reserve(hold: HoldRequest): Promise<Reservation>;
  extend(id: string, amounts: readonly bigint[]): Promise<Reservation>;
  settle(id: string, postings: readonly Posting[], reclaim: boolean): Promise<SettleResult>;
  orphans(most: number): Promise<readonly Orphan[]>;
  balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]>;
  renew(): Promise<void>;
  /** Leaves for good. */
  forget(): Promise<void>;
}
