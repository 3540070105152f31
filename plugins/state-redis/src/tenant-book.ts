/** Counters spread over ledgers by tenant: a hold has a part in each, provisional until all have accepted. */
import type { Balance, Claim, Clock, Counter, Grant, HoldRequest, Orphan, Posting } from '@gatewright/core';
import { isGatewayError, type Reservation, type SettleResult } from '@gatewright/core';
import { withinTime } from '@gatewright/state-memory';
import type { Book } from './book.ts';
import type { Connection } from './connection.ts';
import { Directory } from './directory.ts';
import { findSpreadOrphans } from './orphans.ts';
import { rebuilding, type LedgerReservation, type RedisLedger } from './redis-ledger.ts';
import type { Seat } from './seat.ts';

export interface TenantBookSettings {
  readonly connection: Connection;
  readonly seat: (tag: string) => Seat;
  /** The tag of the ledger that keeps the directory and the leases. */
  readonly home: string;
  readonly owner: string;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly lease: number;
  readonly commandTimeout: number;
  /** Holds of which parts may have been taken though they were not granted. */
  readonly uncertain: Set<string>;
}

/** Milliseconds after which a hold that only provisional ones stood in the way of is tried once more. */
const PATIENCE = 5;

/** The claims of a hold that are in one ledger, and which of the hold's they are. */
interface Part {
  readonly tag: string;
  readonly claims: Claim[];
  readonly places: number[];
}

export class TenantBook implements Book {
  readonly #settings: TenantBookSettings;
  readonly #home: Seat;
  readonly #directory: Directory;
  readonly #seats = new Map<string, Seat>();
  /** In which ledgers the holds of this process, and those of dead ones that it was told of, have parts. */
  readonly #spread = new Map<string, readonly Part[]>();
  #homeEpoch = '';
  /** When the epoch of the home changed under this process, on its own clock, milliseconds. */
  #changed = -Infinity;

  constructor(settings: TenantBookSettings) {
    this.#settings = settings;
    this.#home = settings.seat(settings.home);
    this.#directory = new Directory(() => this.#home.ledger);
  }

  get tags(): readonly string[] {
    return [this.#settings.home, ...this.#seats.keys()];
  }

  async open(): Promise<void> {
    await this.#home.open();
    const epoch = this.#home.ledger.epoch?.epoch ?? '';
    if (this.#homeEpoch !== '' && this.#homeEpoch !== epoch) {
      this.#changed = this.#settings.clock.monotonic();
      await this.#directory.restore();
      for (const tag of this.#seats.keys()) await this.#register(tag);
    }
    this.#homeEpoch = epoch;
    // Ledgers in which something is held are looked at now, others when they are needed.
    await Promise.all([...this.#seats].filter(([, { ledger }]) => ledger.own.size > 0).map(([tag]) => this.#seat(tag)));
  }

  leave(): void {
    this.#home.leave(false);
    for (const seat of this.#seats.values()) seat.leave(false);
  }

  doubt(ledger: RedisLedger, lost: boolean): void {
    const { connection } = this.#settings;
    for (const seat of [this.#home, ...this.#seats.values()]) if (seat.ledger === ledger) seat.leave(lost);
    connection.greet();
  }

  async reserve(hold: HoldRequest): Promise<Reservation> {
    const parts = await this.#parts(hold.claims, this.#spread.get(hold.id));
    if (parts.length <= 1) return this.#single(hold, parts[0]);
    let answers = await this.#ask(hold, parts);
    if (answers.some((answer) => !answer.ok) && answers.every((answer) => answer.ok || answer.provisional === true)) {
      await new Promise<void>((resolve) => this.#settings.clock.after(PATIENCE, resolve));
      answers = await this.#ask(hold, parts);
    }
    const refusal = answers.find((answer) => !answer.ok);
    if (refusal !== undefined) return refusal;
    this.#spread.set(hold.id, parts);
    // It counts in full as it is; what is still provisional only makes others ask twice.
    for (const { tag } of parts)
      this.#seats
        .get(tag)
        ?.ledger.confirm(hold.id, false)
        .catch(() => undefined);
    return { ok: true, grants: this.#merge(hold.claims.length, parts, answers) };
  }

  async extend(id: string, amounts: readonly bigint[]): Promise<Reservation> {
    const parts = this.#spread.get(id) ?? [];
    if (parts.length === 0) return this.#home.ledger.extend(id, amounts);
    const before = parts.map(({ tag }) => this.#seats.get(tag)?.ledger.own.get(id)?.amounts ?? []);
    const wanted = parts.map(({ places }) => places.map((place) => amounts[place] ?? 0n));
    const answers = await Promise.all(
      parts.map(async ({ tag }, index) => (await this.#seat(tag)).ledger.extend(id, wanted[index] ?? [])),
    );
    const refusal = answers.find((answer) => !answer.ok);
    if (refusal === undefined) return { ok: true, grants: this.#merge(amounts.length, parts, answers) };
    const back = parts.map(async ({ tag }, index) => {
      if (answers[index]?.ok !== true) return;
      const { ledger } = await this.#seat(tag);
      await ledger.extend(id, before[index] ?? [], true);
    });
    await Promise.all(back);
    return refusal;
  }

  async settle(id: string, postings: readonly Posting[], reclaim: boolean): Promise<SettleResult> {
    const tags = await this.#directory.find(postings.map(({ scope }) => scope));
    const bills = new Map<string, Posting[]>();
    for (const { tag } of this.#spread.get(id) ?? []) bills.set(tag, []);
    for (const [index, posting] of postings.entries()) {
      const tag = tags[index] ?? '';
      bills.set(tag, [...(bills.get(tag) ?? []), posting]);
    }
    if (bills.size === 0) bills.set(this.#settings.home, []);
    const results = await Promise.all(
      [...bills].map(async ([tag, bill]) => (await this.#seat(tag)).ledger.settle(id, bill, reclaim)),
    );
    this.#spread.delete(id);
    return { late: results.some(({ late }) => late), duplicate: results.every(({ duplicate }) => duplicate) };
  }

  async orphans(most: number): Promise<readonly Orphan[]> {
    const found = await findSpreadOrphans(this.#home.ledger, (tag) => this.#seat(tag), this.#settings.connection, most);
    for (const { tags, orphan } of found) {
      this.#spread.set(
        orphan.id,
        tags.map((tag) => ({ tag, claims: [], places: [] })),
      );
    }
    return found.map(({ orphan }) => orphan);
  }

  async balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]> {
    const tags = await this.#directory.find(counters.map(({ scope }) => scope));
    const balances: (Balance | undefined)[] = Array.from({ length: counters.length });
    await Promise.all(
      [...new Set(tags)].map(async (tag) => {
        const places = [...tags.keys()].filter((place) => tags[place] === tag);
        const here = await (await this.#seat(tag)).ledger.balances(places.map((place) => counters[place] as Counter));
        for (const [index, place] of places.entries()) balances[place] = here[index];
      }),
    );
    return balances;
  }

  async renew(): Promise<void> {
    const held = [...this.#seats.values()].filter(({ ledger }) => ledger.own.size > 0 && ledger.epoch !== undefined);
    await Promise.all([this.#home.renew(), ...held.map((seat) => seat.renew())]);
  }

  async forget(): Promise<void> {
    const seats = [...this.#seats.values()].filter(({ ledger }) => ledger.epoch !== undefined);
    await Promise.all([...seats, this.#home].map((seat) => seat.forget()));
  }

  /** A ledger that is open. */
  async #seat(tag: string): Promise<Seat> {
    const { home, seat: take } = this.#settings;
    if (tag === home) return this.#home;
    let seat = this.#seats.get(tag);
    if (seat === undefined) {
      seat = take(tag);
      this.#seats.set(tag, seat);
    }
    if (seat.ledger.epoch === undefined) await this.#openSeat(seat, tag);
    else await seat.keep();
    return seat;
  }

  /** An exchange waits no longer than for any command; what is begun goes on. */
  async #openSeat(seat: Seat, tag: string): Promise<void> {
    const { clock, lease, commandTimeout } = this.#settings;
    const used = await this.#register(tag);
    // Others may not have said yet what they used before the home was lost.
    const settled = clock.monotonic() - this.#changed > lease * 1.2;
    const opening = seat.open(!used && !seat.known && settled);
    await withinTime(clock, commandTimeout, opening).catch((error: unknown) => {
      throw isGatewayError(error) ? error : rebuilding();
    });
  }

  /** Notes that this process uses a ledger. Answers whether anybody has used it before. */
  async #register(tag: string): Promise<boolean> {
    const { connection, owner } = this.#settings;
    const { epoch } = this.#home.ledger;
    if (epoch === undefined) return true;
    await connection.ask((client) => client.sadd(epoch.tagsOf(owner), tag));
    return (await connection.ask((client) => client.sadd(epoch.tags, tag))) === 0;
  }

  async #parts(claims: readonly Claim[], before: readonly Part[] | undefined): Promise<readonly Part[]> {
    if (before !== undefined) return before;
    const tags = await this.#directory.find(claims.map(({ scope }) => scope));
    const parts = new Map<string, Part>();
    for (const [place, claim] of claims.entries()) {
      const tag = tags[place] ?? '';
      const part = parts.get(tag) ?? { tag, claims: [], places: [] };
      parts.set(tag, part);
      part.claims.push(claim);
      part.places.push(place);
    }
    return [...parts.values()];
  }

  async #single(hold: HoldRequest, part: Part | undefined): Promise<Reservation> {
    const { home } = this.#settings;
    try {
      const seat = await this.#seat(part?.tag ?? home);
      const answer = await seat.ledger.reserve(hold);
      if (answer.ok && part !== undefined) this.#spread.set(hold.id, [part]);
      return answer;
    } catch (error) {
      throw this.#leftOver(hold.id, part === undefined ? [] : [part], false, error);
    }
  }

  /** Asks all ledgers at once. Where one refuses, what the others have taken is given back. */
  async #ask({ id, memo }: HoldRequest, parts: readonly Part[]): Promise<readonly LedgerReservation[]> {
    const text = memo();
    const asked = parts.map(async ({ tag, claims }) => {
      const { ledger } = await this.#seat(tag);
      return ledger.reserve({ id, claims, memo: () => text }, true);
    });
    const answers = await Promise.allSettled(asked);
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (failure !== undefined) {
      const taken = answers.some((answer) => answer.status === 'fulfilled' && answer.value.ok);
      throw this.#leftOver(id, parts, taken, failure.reason);
    }
    const given = answers.map((answer) => (answer as PromiseFulfilledResult<LedgerReservation>).value);
    if (given.every(({ ok }) => ok)) return given;
    const taken = parts.filter((_part, index) => given[index]?.ok === true);
    const cancelled = taken.map(async ({ tag }) => (await this.#seat(tag)).ledger.confirm(id, true));
    await Promise.all(cancelled).catch((error: unknown) => {
      throw this.#leftOver(id, parts, true, error);
    });
    return given;
  }

  /** Where parts of a hold may have been taken that nobody will use, they are settled as soon as that is possible. */
  #leftOver(id: string, parts: readonly Part[], taken: boolean, error: unknown): unknown {
    const { uncertain } = this.#settings;
    if (taken) uncertain.add(id);
    if (uncertain.has(id)) this.#spread.set(id, parts);
    return error;
  }

  /** The grants of all parts, in the order of the hold's claims. */
  #merge(count: number, parts: readonly Part[], answers: readonly Reservation[]): readonly Grant[] {
    const grants: Grant[] = Array.from({ length: count });
    for (const [index, { places }] of parts.entries()) {
      const answer = answers[index];
      if (answer?.ok !== true) continue;
      for (const [at, place] of places.entries()) grants[place] = answer.grants[at] as Grant;
    }
    return grants;
  }
}
