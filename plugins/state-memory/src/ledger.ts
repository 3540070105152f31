/** The counters and holds of one process, shared by all who reserve in it. */
import type { Balance, Claim, Clock, Counter as Counted, Posting } from '@gatewright/core';
import type { Grant, HoldRequest, Orphan, Reservation, Rollup, SettleResult, Store } from '@gatewright/core';
import { Counter, waitFor, type Place } from './counter.ts';
import { Holds, type Held, type Hold } from './holds.ts';
import { MemoryBoard } from './memory-board.ts';
import { Seeds } from './seeds.ts';
import { goneHold, settledHold } from './refusal.ts';
import { bucketAt, checkClaims, counterKey, growth } from './window.ts';

/** What a reload may change. */
export interface LedgerOptions {
  /** Milliseconds after which an owner that has not renewed counts as dead. */
  readonly lease: number;
  /** Milliseconds that reading the store may take. */
  readonly seedTimeout: number;
  /** Where budgets that are not known yet are read from. */
  readonly store?: Store | undefined;
}

/** Milliseconds after which what was posted into a period of unknown end is dropped: longer than any period. */
const YEAR = 400 * 86_400_000;

export class Ledger {
  readonly clock: Clock;
  /** Shared, as the counters are. */
  readonly board: MemoryBoard;
  readonly #counters = new Map<string, Counter>();
  readonly #holds = new Holds();
  readonly #seeds: Seeds;
  #options: LedgerOptions;
  /** Goes round the counters, a few steps per hold, and drops those that nothing is left in. */
  #sweep: Iterator<[string, Counter]> | undefined;

  constructor(clock: Clock, options: LedgerOptions) {
    this.clock = clock;
    this.board = new MemoryBoard(clock);
    this.#options = options;
    this.#seeds = new Seeds(clock);
  }

  /** Goes on with the same counters under the newest configuration. */
  configure(options: LedgerOptions): void {
    this.#options = options;
  }

  get lease(): number {
    return this.#options.lease;
  }

  renew(owner: string): void {
    this.#holds.lease(owner, this.clock.now() + this.lease);
  }

  /** Ends an owner whose holds are all settled. */
  leave(owner: string): void {
    if (!this.#holds.hasHolds(owner)) this.#holds.forget(owner);
  }

  /** The owner is gone. What of its holds is still on its way here goes to `orphans` as well. */
  end(owner: string): void {
    this.#holds.lease(owner, 0);
  }

  /** How many counters are kept. */
  get size(): number {
    return this.#counters.size;
  }

  /** Reads what the budgets among these claims had spent; undefined where all of them are known. */
  unknown(claims: readonly Claim[]): Promise<void> | undefined {
    const { store } = this.#options;
    if (store === undefined) return undefined;
    const scopes = new Set<string>();
    for (const claim of claims) {
      if (claim.kind === 'budget' && claim.window.kind !== 'held' && !this.#counter(claim).known)
        scopes.add(claim.scope);
    }
    return scopes.size === 0 ? undefined : this.#seed(store, scopes, claims);
  }

  async #seed(store: Store, scopes: ReadonlySet<string>, claims: readonly Claim[]): Promise<void> {
    const sums = await this.#seeds.read(store, scopes, this.#options.seedTimeout);
    for (const claim of claims) {
      const counter = this.#counter(claim);
      // Somebody else who waited for the same answer may have been faster.
      if (counter.known || !scopes.has(claim.scope)) continue;
      counter.known = true;
      for (const sum of sums) if (isSumOf(sum, claim)) counter.post(sum.period, sum.spent, overOf(sum, claim));
    }
  }

  /** Takes a hold; its budgets are known. */
  reserve(owner: string, { id, claims, memo }: HoldRequest): Reservation {
    const before = this.#holds.get(id);
    if (before !== undefined) return { ok: true, grants: before.grants };
    if (this.#holds.tombstone(id) !== undefined) throw settledHold(id);
    checkClaims(claims);
    const now = this.clock.now();
    this.#step(now);
    const places: Place[] = [];
    for (const claim of claims) {
      const place = this.#counter(claim).place(claim, now);
      if (!fits(claim.amount, place.balance)) return refusal(claim, place, now);
      places.push(place);
    }
    const held = claims.map((claim, index): Held => ({ claim, place: places[index] as Place, amount: claim.amount }));
    const grants = held.map(({ claim, place, amount }) => grantOf(claim, place, amount));
    for (const { place, amount } of held) place.counter.hold(place.part, place.over, amount);
    this.#holds.add({ id, owner, memo, held, grants });
    return { ok: true, grants };
  }

  extend(id: string, amounts: readonly bigint[]): Reservation {
    const hold = this.#holds.get(id);
    if (hold === undefined) throw goneHold(id);
    const now = this.clock.now();
    const places = hold.held.map(({ claim, place }) => this.#standing(claim, place, now));
    const more = hold.held.map(({ amount }, index) => growth(amount, amounts[index]));
    for (const [index, { claim }] of hold.held.entries()) {
      const claimed = { ...claim, amount: more[index] ?? 0n };
      const place = places[index] as Place;
      if (claimed.amount > 0n && !fits(claimed.amount, place.balance)) return refusal(claimed, place, now);
    }
    for (const [index, one] of hold.held.entries()) {
      one.amount += more[index] ?? 0n;
      one.place.counter.enlarge(one.place.part, more[index] ?? 0n);
    }
    return {
      ok: true,
      grants: hold.held.map(({ claim }, index) => grantOf(claim, places[index] as Place, more[index] ?? 0n)),
    };
  }

  /** How a claim's counter stands in the part where the hold is, also when the clock has left it. */
  #standing(claim: Claim, place: Place, now: number): Place {
    const { counter, part, over } = place;
    if (claim.window.kind !== 'periods') return counter.place(claim, now);
    const period = claim.window.periods.find(({ id }) => id === part);
    const window = {
      ...claim.window,
      periods: period === undefined ? [] : [{ ...period, end: Math.max(over, now + 1) }],
    };
    return counter.place({ ...claim, window }, now);
  }

  /** `reclaim`: from the hold of a dead owner, until the bill itself comes. */
  settle(id: string, postings: readonly Posting[], reclaim: boolean): SettleResult {
    const now = this.clock.now();
    const hold = this.#holds.get(id);
    const before = this.#holds.tombstone(id);
    if (hold === undefined && (reclaim || (before !== undefined && before.reclaimed === undefined))) {
      return { late: false, duplicate: true };
    }
    const late = hold === undefined || this.#holds.leaseOf(hold.owner) <= now;
    for (const { place, amount } of hold?.held ?? []) place.counter.release(place.part, amount);
    for (const posting of before?.reclaimed ?? []) this.#post({ ...posting, actual: -posting.actual }, undefined, now);
    for (const posting of postings) this.#post(posting, hold, now);
    this.#holds.bury(id, reclaim ? { time: now, reclaimed: postings } : { time: now });
    return { late, duplicate: false };
  }

  #post({ scope, unit, window, name, period, kind, actual }: Posting, hold: Hold | undefined, now: number): void {
    if (window === 'held' || actual === 0n) return;
    const held = hold?.held.find(
      ({ claim }) =>
        claim.scope === scope && claim.unit === unit && claim.window.kind === window && claim.window.name === name,
    );
    if (held !== undefined) return held.place.counter.post(held.place.part, actual, held.place.over);
    const key = counterKey(scope, unit, window, name);
    let counter = this.#counters.get(key);
    if (counter === undefined || !counter.known) {
      // The store's sums will have it when the budget is seen; how long a sliding window is only its claims tell.
      if (window === 'sliding' || (kind === 'budget' && this.#options.store !== undefined)) return;
      counter ??= new Counter(window, undefined, true);
      this.#counters.set(key, counter);
    }
    const { length } = counter;
    if (length === undefined)
      return counter.post(window === 'total' ? '' : period, actual, window === 'total' ? Infinity : now + YEAR);
    const bucket = bucketAt(now, length);
    counter.post(`${bucket}`, actual, (bucket + 2) * length);
  }

  orphans(most: number): readonly Orphan[] {
    const found: Orphan[] = [];
    for (const hold of this.#holds.expired(this.clock.now())) {
      if (found.length >= most) break;
      const { id, memo, held, owner } = hold;
      found.push({ id, memo: memo(), postings: held.map(postingOf), expired: this.#holds.leaseOf(owner) });
    }
    return found;
  }

  /** Undefined where nobody has asked for the counter, and the store's sums were not read. */
  balance(counted: Counted): Balance | undefined {
    const { scope, unit, window } = counted;
    const counter = this.#counters.get(counterKey(scope, unit, window.kind, window.name));
    return counter?.known === true ? counter.place(counted, this.clock.now()).balance : undefined;
  }

  #counter(claim: Claim): Counter {
    const key = keyOf(claim);
    let counter = this.#counters.get(key);
    const length = claim.window.kind === 'sliding' ? claim.window.length : undefined;
    if (counter === undefined || counter.length !== length) {
      const known = claim.kind === 'limit' || claim.window.kind === 'held' || this.#options.store === undefined;
      counter = new Counter(claim.window.kind, length, known);
      // Else the first sweep would take it for one that was long forgotten, and what was read of it with it.
      counter.used = this.clock.now();
      this.#counters.set(key, counter);
    }
    return counter;
  }

  #step(now: number): void {
    for (let steps = 0; steps < 8; steps++) {
      this.#sweep ??= this.#counters.entries();
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = undefined;
        return;
      }
      const [key, counter] = next.value;
      if (counter.used + this.lease < now && !counter.clean(now)) this.#counters.delete(key);
    }
  }
}

const keyOf = ({ scope, unit, window }: Counted): string => counterKey(scope, unit, window.kind, window.name);

function fits(amount: bigint, { spent, reserved, limit }: Balance): boolean {
  return limit === undefined || spent + reserved + amount <= limit;
}

function refusal(claim: Claim, place: Place, now: number): Reservation {
  const wait = waitFor(claim, place, now);
  return { ok: false, refused: claim, balance: place.balance, ...(wait === undefined ? {} : { retryAfter: wait }) };
}

/** How the counter stands with `amount` more in it. */
function grantOf({ window }: Claim, { part, balance }: Place, amount: bigint): Grant {
  const period = window.kind === 'periods' ? part : '';
  return { period, balance: { ...balance, reserved: balance.reserved + amount } };
}

function postingOf({ claim, place, amount }: Held): Posting {
  const { scope, unit, window, kind } = claim;
  const period = window.kind === 'periods' ? place.part : '';
  return { scope, unit, window: window.kind, name: window.name, period, kind, held: amount, actual: 0n };
}

const isSumOf = (sum: Rollup, { scope, unit, window }: Claim): boolean =>
  sum.scope === scope && sum.unit === unit && sum.window === window.kind && sum.name === window.name;

/** When the period of a sum is over. One that the claim does not name is not the current one. */
function overOf({ period }: Rollup, { window }: Claim): number {
  if (window.kind !== 'periods') return Infinity;
  return window.periods.find(({ id }) => id === period)?.end ?? 0;
}
