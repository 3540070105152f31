/** All counters in one ledger, under one hash tag: every hold is one atomic step. */
import type { Balance, Counter, HoldRequest, Orphan, Posting, Reservation, SettleResult } from '@gatewright/core';
import type { Book } from './book.ts';
import type { Connection } from './connection.ts';
import { findOrphans } from './orphans.ts';
import type { RedisLedger } from './redis-ledger.ts';
import type { Seat } from './seat.ts';

export class OneSlotBook implements Book {
  readonly #connection: Connection;
  readonly #seat: Seat;
  readonly tags: readonly string[];

  constructor(connection: Connection, seat: (tag: string) => Seat, tag: string) {
    this.#connection = connection;
    this.#seat = seat(tag);
    this.tags = [tag];
  }

  open(): Promise<void> {
    return this.#seat.open();
  }

  leave(): void {
    this.#seat.leave(false);
  }

  doubt(_ledger: RedisLedger, lost: boolean): void {
    this.#seat.leave(lost);
    this.#connection.greet();
  }

  reserve(hold: HoldRequest): Promise<Reservation> {
    return this.#seat.ledger.reserve(hold);
  }

  extend(id: string, amounts: readonly bigint[]): Promise<Reservation> {
    return this.#seat.ledger.extend(id, amounts);
  }

  settle(id: string, postings: readonly Posting[], reclaim: boolean): Promise<SettleResult> {
    return this.#seat.ledger.settle(id, postings, reclaim);
  }

  orphans(most: number): Promise<readonly Orphan[]> {
    return findOrphans(this.#seat.ledger, this.#connection, most);
  }

  balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]> {
    return this.#seat.ledger.balances(counters);
  }

  renew(): Promise<void> {
    return this.#seat.renew();
  }

  forget(): Promise<void> {
    return this.#seat.forget();
  }
}
