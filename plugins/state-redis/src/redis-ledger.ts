/** The counters and holds under one hash tag, in the epoch that holds now. */
import type { Claim, Counter, HoldRequest, Posting, Reservation, SettleResult, Balance } from '@gatewright/core';
import { GatewayError } from '@gatewright/core';
import { goneHold, growth, noPeriod, settledHold } from '@gatewright/state-memory';
import { billOf, shapeOf, type HoldShape } from './bill.ts';
import type { Connection } from './connection.ts';
import { CounterNames } from './counter-names.ts';
import { amountsText, amountText, readAmounts, windowText, type PackedClaim } from './encode.ts';
import { Gathering } from './gathering.ts';
import type { EpochKeys, LedgerKeys } from './keys.ts';
import { OwnHolds } from './own-holds.ts';
import type { HoldAnswer } from './reserve-answers.ts';
import { ReserveBatch, type AskedHold } from './reserve-batch.ts';
import type { Reply, Script } from './script.ts';
import { SCRIPTS } from './scripts/index.ts';
import type { BudgetSeeds } from './seeds.ts';
import { billOn, SettleBatch, type AskedEnd, type EndAnswer } from './settle-batch.ts';
import { StandingReader } from './standing.ts';

/** What every ledger of one process shares. */
export interface LedgerHouse {
  readonly connection: Connection;
  readonly seeds: BudgetSeeds;
  /** This process. */
  readonly owner: string;
  /** Milliseconds. */
  readonly remember: number;
  /** Called where an answer shows that data is lost, or that others have begun another epoch. */
  readonly doubt: (ledger: RedisLedger, lost: boolean) => void;
  /** Holds that may have been taken, though no answer came. */
  readonly uncertain: Set<string>;
  /** The state's time as far as this process knows, Unix milliseconds. */
  readonly now: () => number;
  /** Told the state's time with every answer. */
  readonly heard: (time: number) => void;
}

/** Refused by what is only provisional, it may be asked for once more. */
export type LedgerReservation = Reservation & { readonly provisional?: boolean };

/** How often a hold is tried again after its budgets were read. */
const TRIES = 4;

export class RedisLedger {
  readonly keys: LedgerKeys;
  readonly own = new OwnHolds();
  /** The counters that holds of this process were on lately. */
  readonly names = new CounterNames();
  readonly #reserves: Gathering<AskedHold, HoldAnswer, ReserveBatch>;
  readonly #settles: Gathering<AskedEnd, EndAnswer, SettleBatch>;
  readonly #house: LedgerHouse;
  #epoch: EpochKeys | undefined;
  #sequence = 0;

  constructor(house: LedgerHouse, keys: LedgerKeys) {
    this.#house = house;
    this.keys = keys;
    const { owner, remember, seeds, uncertain } = house;
    this.#reserves = new Gathering(
      (epoch) => new ReserveBatch(epoch, this.names, owner, seeds.needed),
      (batch) => {
        // What was given back in this turn is free for what is asked in it.
        this.#settles.flush();
        return this.#ask(SCRIPTS.reserve, batch.epoch, batch.keys, batch.values, () => {
          for (const id of batch.ids) uncertain.add(id);
        });
      },
    );
    this.#settles = new Gathering(
      (epoch) => new SettleBatch(epoch, this.names, owner, remember),
      (batch) => this.#ask(SCRIPTS.settle, batch.epoch, batch.keys, batch.values),
    );
  }

  /** This process. */
  get owner(): string {
    return this.#house.owner;
  }

  /** Begins to work in an epoch. */
  enter(epoch: string): void {
    this.#epoch = this.keys.of(epoch);
    this.#sequence = 0;
  }

  /** Stops working until the epoch is known again. */
  leave(): void {
    this.#epoch = undefined;
  }

  get epoch(): EpochKeys | undefined {
    return this.#epoch;
  }

  /** Takes a hold. Rejects with `GW_STATE_UNAVAILABLE`. */
  async reserve({ id, claims, memo: write }: HoldRequest, provisional = false): Promise<LedgerReservation> {
    const { seeds, uncertain } = this.#house;
    const memo = write();
    for (let tries = 0; tries < TRIES; tries++) {
      const epoch = this.#current();
      const { answers, index } = this.#reserves.ask(epoch, { id, claims, memo, provisional });
      const answer = (await answers)[index] as HoldAnswer;
      switch (answer.status) {
        case 'OK':
        case 'AGAIN':
          // It was taken in an epoch that is lost, and no rebuild has known of it.
          if (this.#epoch !== epoch) {
            uncertain.add(id);
            throw rebuilding();
          }
          if (answer.status === 'OK') {
            this.own.add({ id, claims, parts: answer.parts, amounts: claims.map(({ amount }) => amount), memo });
          }
          return { ok: true, grants: answer.grants };
        case 'NO':
        case 'WAIT':
          return { ...answer.refusal, provisional: answer.status === 'WAIT' };
        case 'SETTLED':
          throw settledHold(id);
        case 'PERIOD':
          throw noPeriod(answer.claim, answer.claim.window.name, answer.now);
        case 'UNKNOWN':
          await seeds.plant(this, epoch, answer.claims);
      }
    }
    throw new GatewayError(
      'GW_STATE_UNAVAILABLE',
      'What the budgets have spent was read, and is not known all the same.',
    );
  }

  /** Makes a provisional hold of this process firm, or takes it away as if it had never been. */
  async confirm(id: string, cancel: boolean): Promise<void> {
    const hold = this.own.get(id);
    if (hold === undefined) return;
    const { owner } = this.#house;
    const keys = (epoch: EpochKeys): string[] => [
      epoch.hold(id),
      epoch.holdsOf(owner),
      ...hold.claims.map((claim) => counterOf(epoch, claim)),
    ];
    await this.run(SCRIPTS.confirm, keys, [id, cancel ? '1' : '0']);
    if (cancel) this.own.delete(id);
  }

  /** Makes a hold of this process as large as these amounts; with `exactly`, also smaller. */
  async extend(id: string, amounts: readonly bigint[], exactly = false): Promise<Reservation> {
    for (let tries = 0; tries < TRIES; tries++) {
      const hold = this.own.get(id);
      if (hold === undefined) throw goneHold(id);
      const { claims, amounts: held } = hold;
      const more = held.map((amount, index) =>
        exactly ? (amounts[index] ?? amount) - amount : growth(amount, amounts[index]),
      );
      const wanted = held.map((amount, index) => amount + (more[index] ?? 0n));
      const epoch = this.#current();
      const keys = [epoch.hold(id), ...claims.map((claim) => counterOf(epoch, claim))];
      const values = [amountsText(held), amountsText(wanted), this.#describe(claims, more)];
      const reply = await this.#ask(SCRIPTS.extend, epoch, keys, values);
      if (reply[0] === 'NO') return new StandingReader(reply).refusal(claims, more);
      if (reply[0] === 'OK' || reply[0] === 'AGAIN') {
        hold.amounts = wanted;
        return { ok: true, grants: new StandingReader(reply).grants(claims) };
      }
      if (reply[0] !== 'OTHER') throw goneHold(id);
      // An answer was lost: it is larger than this process knew.
      hold.amounts = readAmounts(`${reply[3]}`);
    }
    throw goneHold(id);
  }

  /** Ends a hold. `reclaim`: of a dead owner. */
  async settle(id: string, postings: readonly Posting[], reclaim: boolean): Promise<SettleResult> {
    const hold = this.own.get(id);
    const bill = hold === undefined || reclaim ? undefined : billOn(hold, postings);
    if (hold !== undefined && bill !== undefined) {
      const { answers, index } = this.#settles.ask(this.#current(), { hold, bill });
      const answer = (await answers)[index] as EndAnswer;
      if (answer !== 'gone') {
        this.own.delete(id);
        return { late: answer === 'late', duplicate: false };
      }
    }
    return this.#post(id, postings, reclaim);
  }

  /** Ends a hold alone: it is not there as this process knows it, or the bill is on more than its claims. */
  async #post(id: string, postings: readonly Posting[], reclaim: boolean): Promise<SettleResult> {
    const { owner, remember, seeds } = this.#house;
    let shape: HoldShape = shapeOf(this.own.get(id), owner);
    for (;;) {
      const epoch = this.#current();
      const bill = billOf(postings, shape, epoch, seeds.needed);
      const keys = [epoch.hold(id), epoch.holdsOf(shape.owner), epoch.owners, ...bill.keys];
      const values = [id, shape.owner, `${shape.claims.length}`, reclaim ? '1' : '0', `${remember}`, ...bill.values];
      const reply = await this.#run(SCRIPTS.postBill, epoch, keys, values);
      if (reply[0] !== 'MORE') {
        this.own.delete(id);
        return { late: reply[2] === '1', duplicate: reply[3] === '1' };
      }
      shape = { owner: reply[2] ?? '', claims: JSON.parse(reply[3] ?? '[]') as PackedClaim[] };
    }
  }

  async balances(counters: readonly Counter[]): Promise<(Balance | undefined)[]> {
    const epoch = this.#current();
    const windows = counters.map(({ window }) => windowText('limit', window, false));
    const keys = counters.map((counter) => counterOf(epoch, counter));
    const reader = new StandingReader(await this.#ask(SCRIPTS.balances, epoch, keys, [`[${windows.join(',')}]`]));
    return counters.map((counter) => reader.balance(counter));
  }

  /** Runs a script in the epoch that holds now; `keys` and `values` are those behind meta and the epoch. */
  async run(
    script: Script,
    keys: (epoch: EpochKeys) => readonly string[],
    values: readonly string[],
  ): Promise<string[]> {
    const epoch = this.#current();
    return this.#run(script, epoch, keys(epoch), values);
  }

  #current(): EpochKeys {
    const epoch = this.#epoch;
    if (epoch === undefined) throw this.#house.connection.up ? rebuilding() : this.#house.connection.unavailable();
    return epoch;
  }

  async #run(script: Script, epoch: EpochKeys, keys: readonly string[], values: readonly string[]): Promise<string[]> {
    const reply = await this.#ask(script, epoch, keys, values);
    return reply.map((one) => `${one ?? ''}`);
  }

  /** The reply as it is. `silent` is called where none came. */
  async #ask(
    script: Script,
    epoch: EpochKeys,
    keys: readonly string[],
    values: readonly string[],
    silent?: () => void,
  ): Promise<Reply> {
    const { connection, doubt, heard } = this.#house;
    const asked = connection.ask((client) => script.ask(client, [this.keys.meta, ...keys], [epoch.epoch, ...values]));
    const reply = await asked.catch((error: unknown) => {
      silent?.();
      throw error;
    });
    const [status, sequence, time] = reply;
    if (status === 'EPOCH' || status === 'RUN') {
      if (this.#epoch === epoch) doubt(this, false);
      throw rebuilding();
    }
    if (this.#epoch === epoch && typeof sequence === 'string') this.#follow(Number(sequence));
    // Where a script answers something else in the third place, it is shorter than a time.
    if (typeof time === 'string' && /^\d{12,}$/.test(time)) heard(Number(time));
    return reply;
  }

  /** The sequence only grows: what went backwards has lost something. */
  #follow(sequence: number): void {
    if (Number.isNaN(sequence)) return;
    if (sequence < this.#sequence) this.#house.doubt(this, true);
    else this.#sequence = sequence;
  }

  /** What a script wants to know of claims: window, amount and limit of each. */
  #describe(claims: readonly Claim[], amounts: readonly bigint[]): string {
    const { seeds } = this.#house;
    const rows = claims.map(({ kind, window, limit }, index) => {
      const amount = amountText(amounts[index] ?? 0n);
      return `[${windowText(kind, window, seeds.needed)},${amount},${limit === undefined ? '""' : amountText(limit)}]`;
    });
    return `[${rows.join(',')}]`;
  }
}

export function counterOf(epoch: EpochKeys, { scope, unit, window }: Counter): string {
  return epoch.counter(scope, unit, window.kind, window.name);
}

/** The error of a moment at which the counts are being made again from what is known. */
export function rebuilding(): GatewayError {
  const message = 'The state of budgets and limits is being rebuilt, because Redis has lost data.';
  return new GatewayError('GW_STATE_UNAVAILABLE', message, { retryAfter: 1000 });
}
