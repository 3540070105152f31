/** The service `state` in Redis, as one process sees it. */
import {
  isGatewayError,
  type Balance,
  type Clock,
  type Counter,
  type GatewayError,
  type HoldRequest,
  type Journal,
} from '@gatewright/core';
import type { Logger, Orphan, Posting, Reservation, SettleResult, State } from '@gatewright/core';
import { Allowance, checkClaims, withinTime } from '@gatewright/state-memory';
import type { Book } from './book.ts';
import { RedisBoard } from './redis-board.ts';
import { Connection } from './connection.ts';
import { refuseEviction } from './eviction.ts';
import { LedgerKeys } from './keys.ts';
import type { StateRedisOptions } from './options.ts';
import { OneSlotBook } from './one-slot.ts';
import type { RebuildParty } from './rebuild.ts';
import type { LedgerHouse } from './redis-ledger.ts';
import { Seat } from './seat.ts';
import { BudgetSeeds, type SeedSettings } from './seeds.ts';
import { TenantBook } from './tenant-book.ts';
import { Unsettled } from './unsettled.ts';

export interface RedisStateSettings {
  readonly options: StateRedisOptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** Unique for every process and start. */
  readonly owner: string;
  readonly seeds: SeedSettings;
}

/** More bills than these on their way, and no outage's allowance is granted any more. */
const MOST_UNSETTLED = 50_000;

/** The hash tag of the ledger that is always there. */
const HOME = 'ledger';
/** Milliseconds after which bills that could not be posted are tried again. */
const RETRY = 250;

export class RedisState implements State {
  readonly board: RedisBoard;
  readonly seeds: BudgetSeeds;
  readonly #settings: RedisStateSettings;
  readonly #connection: Connection;
  readonly #book: Book;
  readonly #unsettled: Unsettled;
  readonly #allowance: Allowance;
  /** Holds that may have been taken without an answer. */
  readonly #uncertain = new Set<string>();
  readonly #journals = new Set<Journal>();
  /** How far the state's clock is ahead of this process's, milliseconds. */
  #ahead = 0;
  #cancelRenewal: () => void = () => undefined;
  #refusal: GatewayError | undefined;
  #started: Promise<void> | undefined;

  constructor(settings: RedisStateSettings) {
    this.#settings = settings;
    const { options, clock, log } = settings;
    this.#connection = new Connection({ ...options, clock, log });
    this.board = new RedisBoard({ ...options, clock, log, connection: this.#connection });
    this.seeds = new BudgetSeeds(this.#connection, clock, settings.seeds);
    const house = this.#house();
    const party = this.#party();
    const seat = (tag: string): Seat => new Seat(house, party, new LedgerKeys(options.prefix, tag));
    const spread = options.ledger === 'by-tenant';
    this.#book = spread
      ? new TenantBook({ ...house, ...options, clock, seat, home: HOME })
      : new OneSlotBook(this.#connection, seat, HOME);
    this.#unsettled = new Unsettled(
      (id, postings, reclaim) => this.#book.settle(id, postings, reclaim),
      (task) => clock.after(RETRY, task),
    );
    this.#allowance = new Allowance({ now: () => this.#now() });
    this.#connection.onUp = () => this.#open();
    this.#connection.onDown = () => this.#book.leave();
  }

  /** The hash tags of the ledgers in use. */
  get tags(): readonly string[] {
    return this.#book.tags;
  }

  /** How many bills are on their way. */
  get waiting(): number {
    return this.#unsettled.size;
  }

  /**
   * Connects, once. Throws `GW_CONFIG` where Redis may evict counters; a Redis that cannot be reached is tried again and
   * again.
   */
  async start(): Promise<void> {
    this.#started ??= this.#connection.connect().then(() => this.#renewLater());
    await this.#started;
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  async reserve(hold: HoldRequest): Promise<Reservation> {
    checkClaims(hold.claims);
    try {
      return await this.#book.reserve(hold);
    } catch (error) {
      const taken = this.#uncertain.delete(hold.id);
      const granted = isUnavailable(error) ? this.#fromAllowance(hold) : undefined;
      if (granted !== undefined) return granted;
      if (taken) this.#cancel(hold.id);
      throw error;
    }
  }

  async extend(id: string, amounts: readonly bigint[]): Promise<Reservation> {
    return this.#allowance.has(id) ? this.#allowance.extend(id, amounts) : this.#book.extend(id, amounts);
  }

  settle(id: string, postings: readonly Posting[]): Promise<SettleResult> {
    const settled = this.#unsettled.settle(id, postings, false);
    if (!this.#allowance.has(id)) return settled;
    this.#allowance.settle(id, postings);
    return settled.then((result) => ({ ...result, late: false }));
  }

  orphans(most: number): Promise<readonly Orphan[]> {
    return this.#book.orphans(most);
  }

  reclaim(id: string, postings: readonly Posting[]): Promise<SettleResult> {
    return this.#unsettled.settle(id, postings, true);
  }

  async balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]> {
    return counters.length === 0 ? [] : this.#book.balances(counters);
  }

  follow(journal: Journal): () => void {
    this.#journals.add(journal);
    return () => void this.#journals.delete(journal);
  }

  /** Says that this process lives, and learns who else does. */
  renew(): Promise<void> {
    return this.#book.renew();
  }

  /** Waits until all bills are posted, as long as the options allow; the leases and the rows of usage end the others. */
  async drain(): Promise<void> {
    const { clock, options } = this.#settings;
    await withinTime(clock, options.drainTimeout, this.#unsettled.emptied()).catch(() => undefined);
  }

  /** Leaves. Holds that are not settled go to `orphans` when the lease ends. */
  async close(): Promise<void> {
    this.#cancelRenewal();
    await this.#book.forget().catch(() => undefined);
    this.abandon();
  }

  /** Goes without a word, as a process that is killed. */
  abandon(): void {
    this.#cancelRenewal();
    this.board.close();
    this.#connection.close();
    this.#unsettled.giveUp(this.#connection.unavailable());
  }

  #house(): LedgerHouse {
    const { options, owner, clock } = this.#settings;
    return {
      connection: this.#connection,
      seeds: this.seeds,
      owner,
      remember: options.remember,
      doubt: (ledger, lost) => this.#book.doubt(ledger, lost),
      uncertain: this.#uncertain,
      now: () => this.#now(),
      heard: (time) => {
        this.#ahead = time - clock.now();
      },
    };
  }

  #party(): RebuildParty {
    const { options, owner, clock, log } = this.#settings;
    return {
      connection: this.#connection,
      seeds: this.seeds,
      clock,
      log,
      owner,
      lease: options.lease,
      remember: options.remember,
      journals: () => [...this.#journals],
      unsettled: () => this.#unsettled.all,
    };
  }

  #now(): number {
    return this.#settings.clock.now() + this.#ahead;
  }

  /** Looks what is there after the connection was made, makes it whole where something is missing, and goes on. */
  async #open(): Promise<void> {
    this.#refusal = undefined;
    await refuseEviction(this.#connection.client).catch((error: unknown) => {
      if (isGatewayError(error)) this.#refusal = error;
      throw error;
    });
    await this.#book.open();
    this.#allowance.end();
    void this.#unsettled.flush();
  }

  #fromAllowance(hold: HoldRequest): Reservation | undefined {
    return this.#unsettled.size < MOST_UNSETTLED ? this.#allowance.take(hold) : undefined;
  }

  /** Takes back a hold that may have been taken: nobody knows of it. */
  #cancel(id: string): void {
    this.#unsettled.settle(id, [], false).catch(() => undefined);
  }

  #renewLater(): void {
    const { clock, options } = this.#settings;
    this.#cancelRenewal = clock.after(options.lease / 3, () => {
      // An outage shows in what follows; the lease is said again when it is over.
      this.renew().catch(() => undefined);
      this.#renewLater();
    });
  }
}

const isUnavailable = (error: unknown): boolean => isGatewayError(error) && error.code === 'GW_STATE_UNAVAILABLE';
