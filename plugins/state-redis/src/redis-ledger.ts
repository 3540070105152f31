/** The counters and holds under one hash tag, in the epoch that holds now. */
import type { Claim, Counter, HoldRequest, Posting, Reservation, SettleResult, Balance } from '@gatewright/core';
import { GatewayError } from '@gatewright/core';
import { counterKey, goneHold, growth, noPeriod, settledHold } from '@gatewright/state-memory';
import { billOf, shapeOf, type HoldShape } from './bill.ts';
import type { Connection } from './connection.ts';
import { dataOf, kindOf, packClaims, readGrants, readRefusal, ReplyReader, type PackedClaim } from './encode.ts';
import type { EpochKeys, LedgerKeys } from './keys.ts';
import { OwnHolds } from './own-holds.ts';
import type { Script } from './script.ts';
import { SCRIPTS } from './scripts/index.ts';
import type { BudgetSeeds } from './seeds.ts';

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

/** A ledger of one tenant has a few; where there are more than these, the older ones have no row that is kept back. */
const MOST_BUDGETS = 50_000;

/** How often a hold is tried again after its budgets were read. */
const TRIES = 4;

export class RedisLedger {
  readonly keys: LedgerKeys;
  readonly own = new OwnHolds();
  /** The budgets that holds of this process were on lately, by the names of their counters. */
  readonly budgets = new Map<string, Claim>();
  readonly #house: LedgerHouse;
  #epoch: EpochKeys | undefined;
  #sequence = 0;

  constructor(house: LedgerHouse, keys: LedgerKeys) {
    this.#house = house;
    this.keys = keys;
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
  async reserve({ id, claims, memo }: HoldRequest, provisional = false): Promise<LedgerReservation> {
    const { seeds, owner, uncertain } = this.#house;
    const text = memo();
    for (let tries = 0; tries < TRIES; tries++) {
      const epoch = this.#current();
      const keys = [epoch.hold(id), epoch.holdsOf(owner), ...claims.map((claim) => counterOf(epoch, claim))];
      const mark = provisional ? 'P' : 'H';
      const values = [id, owner, text, packClaims(claims), mark, ...this.#describe(claims, amountsOf(claims))];
      const reply = await this.#run(SCRIPTS.reserve, epoch, keys, values, () => uncertain.add(id));
      switch (reply[0]) {
        case 'OK':
        case 'AGAIN': {
          // It was taken in an epoch that is lost, and no rebuild has known of it.
          if (this.#epoch !== epoch) {
            uncertain.add(id);
            throw rebuilding();
          }
          const amounts = amountsOf(claims);
          const { grants, parts } = readGrants(reply, claims, reply[0] === 'OK' ? amounts : []);
          if (reply[0] === 'OK') {
            this.own.add({ id, claims, parts, amounts, memo: text });
            this.#note(claims);
          }
          return { ok: true, grants };
        }
        case 'NO':
        case 'WAIT':
          return { ...readRefusal(reply, claims, amountsOf(claims)), provisional: reply[0] === 'WAIT' };
        case 'SETTLED':
          throw settledHold(id);
        case 'PERIOD':
          throw noPeriodAt(claims[Number(reply[3]) - 1] as Claim, Number(reply[2]));
        default: {
          const unknown = reply.slice(3).map((index) => claims[Number(index) - 1] as Claim);
          await seeds.plant(this, epoch, unknown);
        }
      }
    }
    throw new GatewayError(
      'GW_STATE_UNAVAILABLE',
      'What the budgets have spent was read, and is not known all the same.',
    );
  }

  #note(claims: readonly Claim[]): void {
    if (this.budgets.size > MOST_BUDGETS) this.budgets.clear();
    for (const claim of claims) if (claim.kind === 'budget') this.budgets.set(keyOf(claim), claim);
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
      const values = [held.join(' '), wanted.join(' '), ...this.#describe(claims, more)];
      const reply = await this.#run(SCRIPTS.extend, epoch, keys, values);
      if (reply[0] === 'NO') return readRefusal(reply, claims, more);
      if (reply[0] === 'OK' || reply[0] === 'AGAIN') {
        hold.amounts = wanted;
        return { ok: true, grants: readGrants(reply, claims, reply[0] === 'OK' ? more : []).grants };
      }
      if (reply[0] !== 'OTHER') throw goneHold(id);
      // An answer was lost: it is larger than this process knew.
      hold.amounts = (reply[3] ?? '').split(' ').map(BigInt);
    }
    throw goneHold(id);
  }

  /** Ends a hold. `reclaim`: of a dead owner. */
  async settle(id: string, postings: readonly Posting[], reclaim: boolean): Promise<SettleResult> {
    const { owner, remember, seeds } = this.#house;
    let shape: HoldShape = shapeOf(this.own.get(id), owner);
    for (;;) {
      const epoch = this.#current();
      const bill = billOf(postings, shape, epoch, seeds.needed);
      const keys = [epoch.hold(id), epoch.holdsOf(shape.owner), epoch.owners, ...bill.keys];
      const values = [id, shape.owner, `${shape.claims.length}`, reclaim ? '1' : '0', `${remember}`, ...bill.values];
      const reply = await this.#run(SCRIPTS.settle, epoch, keys, values);
      if (reply[0] !== 'MORE') {
        this.own.delete(id);
        return { late: reply[2] === '1', duplicate: reply[3] === '1' };
      }
      shape = { owner: reply[2] ?? '', claims: JSON.parse(reply[3] ?? '[]') as PackedClaim[] };
    }
  }

  async balances(counters: readonly Counter[]): Promise<(Balance | undefined)[]> {
    const epoch = this.#current();
    const now = this.#house.now();
    const values = counters.flatMap(({ window }) => [kindOf('limit', window.kind, false), dataOf(window, now)]);
    const keys = counters.map((counter) => counterOf(epoch, counter));
    const reader = new ReplyReader(await this.#run(SCRIPTS.balances, epoch, keys, values));
    return counters.map((counter) => reader.standing(counter, undefined, 0n)?.balance);
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

  /** `silent` is called where no answer came. */
  async #run(
    script: Script,
    epoch: EpochKeys,
    keys: readonly string[],
    values: readonly string[],
    silent?: () => void,
  ): Promise<string[]> {
    const { connection, doubt, heard } = this.#house;
    const asked = connection.run(script, [this.keys.meta, ...keys], [epoch.epoch, ...values]);
    const reply = await asked.catch((error: unknown) => {
      silent?.();
      throw error;
    });
    const [status, sequence, time] = reply;
    if (status === 'EPOCH' || status === 'RUN') {
      if (this.#epoch === epoch) doubt(this, false);
      throw rebuilding();
    }
    if (this.#epoch === epoch && sequence !== undefined) this.#follow(Number(sequence));
    // Where a script answers something else in the third place, it is shorter than a time.
    if (time !== undefined && /^\d{12,}$/.test(time)) heard(Number(time));
    return reply;
  }

  /** The sequence only grows: what went backwards has lost something. */
  #follow(sequence: number): void {
    if (Number.isNaN(sequence)) return;
    if (sequence < this.#sequence) this.#house.doubt(this, true);
    else this.#sequence = sequence;
  }

  /** What the scripts want to know of claims. */
  #describe(claims: readonly Claim[], amounts: readonly bigint[]): string[] {
    const { seeds } = this.#house;
    const now = this.#house.now();
    const values: string[] = [];
    for (const [index, { kind, window, limit }] of claims.entries()) {
      values.push(
        kindOf(kind, window.kind, seeds.needed),
        `${amounts[index]}`,
        limit === undefined ? '' : `${limit}`,
        dataOf(window, now),
      );
    }
    return values;
  }
}

const keyOf = ({ scope, unit, window }: Counter): string => counterKey(scope, unit, window.kind, window.name);

const amountsOf = (claims: readonly Claim[]): bigint[] => claims.map(({ amount }) => amount);

export function counterOf(epoch: EpochKeys, { scope, unit, window }: Counter): string {
  return epoch.counter(scope, unit, window.kind, window.name);
}

/** The error of a moment at which the counts are being made again from what is known. */
export function rebuilding(): GatewayError {
  const message = 'The state of budgets and limits is being rebuilt, because Redis has lost data.';
  return new GatewayError('GW_STATE_UNAVAILABLE', message, { retryAfter: 1000 });
}

const noPeriodAt = (claim: Claim, now: number): GatewayError => noPeriod(claim, claim.window.name, now);
