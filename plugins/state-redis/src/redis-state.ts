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
import { Connection } from './connection.ts';
import { refuseEviction } from './eviction.ts';
import { LedgerKeys } from './keys.ts';
import type { StateRedisOptions } from './options.ts';
import { findOrphans } from './orphans.ts';
import { Rebuild, type RebuildParty } from './rebuild.ts';
import { RedisLedger, type LedgerHouse } from './redis-ledger.ts';
import { SCRIPTS } from './scripts/index.ts';
import { BudgetSeeds, type SeedSettings } from './seeds.ts';
import { sweep } from './sweep.ts';
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
  readonly seeds: BudgetSeeds;
  readonly #settings: RedisStateSettings;
  readonly #connection: Connection;
  readonly #ledger: RedisLedger;
  readonly #unsettled: Unsettled;
  readonly #allowance: Allowance;
  readonly #party: RebuildParty;
  /** Holds that may have been taken without an answer. */
  readonly #uncertain = new Set<string>();
  /** Holds of dead owners that this process was told of. */
  readonly #told = new Set<string>();
  readonly #journals = new Set<Journal>();
  #peers: readonly string[] = [];
  /** The epoch that this process was in; '' at its start. */
  #known = '';
  #lost = false;
  /** How far the state's clock is ahead of this process's, milliseconds. */
  #ahead = 0;
  #cancelRenewal: () => void = () => undefined;
  #refusal: GatewayError | undefined;

  constructor(settings: RedisStateSettings) {
    this.#settings = settings;
    const { options, clock, log, owner } = settings;
    this.#connection = new Connection({ ...options, clock, log });
    this.seeds = new BudgetSeeds(this.#connection, clock, settings.seeds);
    this.#ledger = new RedisLedger(this.#house(), new LedgerKeys(options.prefix, HOME));
    this.#unsettled = new Unsettled(
      (id, postings, reclaim) => this.#ledger.settle(id, postings, reclaim),
      (task) => clock.after(RETRY, task),
    );
    this.#allowance = new Allowance({ now: () => this.#now() });
    this.#party = {
      connection: this.#connection,
      seeds: this.seeds,
      clock,
      log,
      owner,
      lease: options.lease,
      remember: options.remember,
      peers: () => this.#peers,
      journals: () => [...this.#journals],
      unsettled: () => this.#unsettled.all,
    };
    this.#connection.onUp = () => this.#open();
    this.#connection.onDown = () => this.#ledger.leave();
  }

  /** The hash tags of the ledgers in use. */
  get tags(): readonly string[] {
    return [HOME];
  }

  /** Connects. Throws `GW_CONFIG` where Redis may evict counters; a Redis that cannot be reached is tried again and again. */
  async start(): Promise<void> {
    await this.#connection.connect();
    if (this.#refusal !== undefined) throw this.#refusal;
    this.#renewLater();
  }

  async reserve(hold: HoldRequest): Promise<Reservation> {
    checkClaims(hold.claims);
    try {
      return await this.#ledger.reserve(hold);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      const taken = this.#uncertain.delete(hold.id);
      const granted = this.#unsettled.size < MOST_UNSETTLED ? this.#allowance.take(hold) : undefined;
      if (granted !== undefined) return granted;
      if (taken) this.#cancel(hold.id);
      throw error;
    }
  }

  async extend(id: string, amounts: readonly bigint[]): Promise<Reservation> {
    return this.#ledger.extend(id, amounts);
  }

  async settle(id: string, postings: readonly Posting[]): Promise<SettleResult> {
    const outage = this.#allowance.has(id);
    if (outage) this.#allowance.settle(id, postings);
    const result = await this.#unsettled.settle(id, postings, this.#told.delete(id));
    return outage ? { ...result, late: false } : result;
  }

  async orphans(most: number): Promise<readonly Orphan[]> {
    const orphans = await findOrphans(this.#ledger, this.#connection, most);
    for (const { id } of orphans) this.#told.add(id);
    return orphans;
  }

  async balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]> {
    return counters.length === 0 ? [] : this.#ledger.balances(counters);
  }

  follow(journal: Journal): () => void {
    this.#journals.add(journal);
    return () => void this.#journals.delete(journal);
  }

  /** Says that this process lives, and learns who else does. */
  async renew(): Promise<void> {
    const { owner, options } = this.#settings;
    const [, , , ...alive] = await this.#ledger.run(SCRIPTS.renew, ({ owners }) => [owners], [
      owner,
      `${options.lease}`,
    ]);
    this.#peers = alive.filter((one) => one !== owner);
  }

  /** Waits until all bills are posted, as long as the options allow; the leases and the rows of usage end the others. */
  async drain(): Promise<void> {
    const { clock, options } = this.#settings;
    await withinTime(clock, options.drainTimeout, this.#unsettled.emptied()).catch(() => undefined);
  }

  /** Leaves. Holds that are not settled go to `orphans` when the lease ends. */
  async close(): Promise<void> {
    this.#cancelRenewal();
    const { owner } = this.#settings;
    const keys = (epoch: { owners: string; holdsOf(owner: string): string }): string[] => [
      epoch.owners,
      epoch.holdsOf(owner),
    ];
    await this.#ledger.run(SCRIPTS.forget, keys, [owner, '1']).catch(() => undefined);
    this.abandon();
  }

  /** Goes without a word, as a process that is killed. */
  abandon(): void {
    this.#cancelRenewal();
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
      doubt: (ledger, lost) => {
        ledger.leave();
        this.#lost ||= lost;
        this.#connection.greet();
      },
      uncertain: (id) => this.#uncertain.add(id),
      now: () => this.#now(),
      heard: (time) => {
        this.#ahead = time - clock.now();
      },
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
    const epoch = await new Rebuild(this.#party, this.#ledger, this.#known).run(this.#lost);
    this.#lost = false;
    if (this.#known !== '' && this.#known !== epoch) this.#sweep(epoch);
    this.#known = epoch;
    this.#ledger.enter(epoch);
    await this.renew();
    this.#allowance.end();
    void this.#unsettled.flush();
  }

  #sweep(epoch: string): void {
    sweep(this.#connection.client, this.#ledger.keys, epoch).catch((error: unknown) => {
      this.#settings.log.warn('What earlier epochs have left in Redis could not be removed.', { error });
    });
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
