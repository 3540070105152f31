/** The service `state` as one owner of holds sees it. */
import { randomUUID } from 'node:crypto';
import {
  isGatewayError,
  type Balance,
  type Counter,
  type Grant,
  type HoldRequest,
  type Orphan,
} from '@gatewright/core';
import type { OwnedState, Posting, Reservation, SettleResult, State } from '@gatewright/core';
import { Allowance } from './allowance.ts';
import type { Ledger } from './ledger.ts';
import type { MemoryBoard } from './memory-board.ts';

export class MemoryState implements State {
  readonly board: MemoryBoard;
  readonly #ledger: Ledger;
  readonly #owner: string;
  readonly #allowance: Allowance;
  readonly #renews: boolean;
  #cancel: () => void = () => undefined;

  /** Where it does not renew, its holds are orphans when their lease ends: for a gateway that is only looked at. */
  constructor(ledger: Ledger, owner: string, renews = true) {
    this.#renews = renews;
    this.board = ledger.board;
    this.#ledger = ledger;
    this.#owner = owner;
    this.#allowance = new Allowance(ledger.clock);
    this.renew();
  }

  /** Says that the owner lives, now and every third of a lease. */
  renew(): void {
    const { clock, lease } = this.#ledger;
    this.#cancel();
    this.#ledger.renew(this.#owner);
    if (this.#renews) this.#cancel = clock.after(lease / 3, () => this.renew());
  }

  /** Stops renewing the lease: what is still held goes to `orphans` when it ends. */
  close(): void {
    this.#cancel();
    this.#ledger.leave(this.#owner);
  }

  /** For a worker that speaks through this process. */
  forOwner(): OwnedState {
    const owner = randomUUID();
    const state = new MemoryState(this.#ledger, owner);
    return {
      board: state.board,
      reserve: (hold) => state.reserve(hold),
      reserveNow: (hold) => state.reserveNow(hold),
      extend: (id, amounts) => state.extend(id, amounts),
      settle: (id, postings) => state.settle(id, postings),
      settleNow: (id, postings, grants) => state.settleNow(id, postings, grants),
      orphans: (most) => state.orphans(most),
      reclaim: (id, postings) => state.reclaim(id, postings),
      balances: (counters) => state.balances(counters),
      close: () => {
        state.close();
        // It is known to be gone: nobody has to wait for the end of its lease.
        this.#ledger.end(owner);
      },
    };
  }

  async reserve(hold: HoldRequest): Promise<Reservation> {
    for (;;) {
      const answer = this.reserveNow(hold);
      if (answer !== undefined) return answer;
      try {
        await this.#ledger.learn(hold.claims);
      } catch (error) {
        const granted = isGatewayError(error) ? this.#allowance.take(hold) : undefined;
        if (granted === undefined) throw error;
        return granted;
      }
      this.#allowance.end();
    }
  }

  reserveNow(hold: HoldRequest): Reservation | undefined {
    return this.#ledger.reserve(this.#owner, hold);
  }

  async extend(id: string, amounts: readonly bigint[]): Promise<Reservation> {
    return this.#allowance.has(id) ? this.#allowance.extend(id, amounts) : this.#ledger.extend(id, amounts);
  }

  async settle(id: string, postings: readonly Posting[]): Promise<SettleResult> {
    return this.settleNow(id, postings);
  }

  settleNow(id: string, postings: readonly Posting[], grants?: readonly Grant[]): SettleResult {
    const outage = this.#allowance.has(id);
    if (outage) this.#allowance.settle(id, postings);
    const result = this.#ledger.settle(id, postings, false, grants);
    return outage ? { ...result, late: false } : result;
  }

  async orphans(most: number): Promise<readonly Orphan[]> {
    return this.#ledger.orphans(most);
  }

  async reclaim(id: string, postings: readonly Posting[]): Promise<SettleResult> {
    return this.#ledger.settle(id, postings, true);
  }

  async balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]> {
    return counters.map((counter) => this.#ledger.balance(counter));
  }
}
