/** The counters and holds of one process, shared by all who reserve in it. */
import type { Balance, Claim, Clock, Counter as Counted, Grant, Posting } from '@gatewright/core';
import type { HoldRequest, Orphan, Reservation, Rollup, SettleResult, Store } from '@gatewright/core';
import { Buried } from './buried.ts';
import { Counter } from './counter.ts';
import { Counters } from './counters.ts';
import { Holds, type Hold } from './holds.ts';
import { MemoryBoard } from './memory-board.ts';
import { Place } from './place.ts';
import { goneHold, settledHold } from './refusal.ts';
import { Seeds } from './seeds.ts';
import { checkClaim, growth, twice } from './window.ts';

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

const SETTLED: SettleResult = Object.freeze({ late: false, duplicate: false });
const LATE: SettleResult = Object.freeze({ late: true, duplicate: false });
const DUPLICATE: SettleResult = Object.freeze({ late: false, duplicate: true });

export class Ledger {
  readonly clock: Clock;
  /** Shared, as the counters are. */
  readonly board: MemoryBoard;
  readonly #counters = new Counters();
  readonly #holds = new Holds();
  readonly #buried = new Buried();
  readonly #seeds: Seeds;
  #options: LedgerOptions;
  /** Numbers the holds that were asked for. */
  #asked = 0;

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
    this.#holds.leave(owner);
  }

  /** The owner is gone. What of its holds is still on its way here goes to `orphans` as well. */
  end(owner: string): void {
    this.#holds.lease(owner, 0);
  }

  /** How many counters are kept. */
  get size(): number {
    return this.#counters.size;
  }

  /** Takes a hold; undefined where one of its budgets is not known: {@link learn} has to be waited for. */
  reserve(owner: string, { id, claims, memo, fresh = false }: HoldRequest): Reservation | undefined {
    if (!fresh) {
      const before = this.#holds.get(id);
      if (before !== undefined) return { ok: true, grants: before.places };
      if (this.#buried.has(id)) throw settledHold(id);
    }
    const now = this.clock.now();
    this.#counters.step(now - this.lease, now);
    const places = this.#places(claims, now);
    if (places === undefined) return undefined;
    // Iterators of these would be a tenth of what a hold allocates.
    for (let index = 0; index < places.length; index++) {
      const place = places[index] as Place;
      if (!place.fits) return refusal(place.claim, place, now);
    }
    for (let index = 0; index < places.length; index++) (places[index] as Place).take();
    this.#holds.add(id, owner, memo, places, fresh);
    return { ok: true, grants: places };
  }

  /** Where each claim would be counted. */
  #places(claims: readonly Claim[], now: number): Place[] | undefined {
    const number = ++this.#asked;
    const allKnown = this.#options.store === undefined;
    const places: Place[] = [];
    for (const claim of claims) {
      checkClaim(claim);
      const counter = this.#counters.of(claim, allKnown, now);
      if (counter.asked === number) throw twice(claim);
      counter.asked = number;
      if (!counter.known) return undefined;
      places.push(counter.place(claim, now));
    }
    return places;
  }

  /** Reads what the budgets among these claims had spent, where that is not known. */
  async learn(claims: readonly Claim[]): Promise<void> {
    const { store, seedTimeout } = this.#options;
    const unknown = claims.filter((claim) => !this.#counter(claim).known);
    const scopes = new Set(unknown.map(({ scope }) => scope));
    const sums = store === undefined ? [] : await this.#seeds.read(store, scopes, seedTimeout);
    const now = this.clock.now();
    for (const claim of unknown) {
      const counter = this.#counter(claim);
      // Somebody else who waited for the same answer may have been faster.
      if (counter.known) continue;
      counter.known = true;
      for (const sum of sums) {
        if (isSumOf(sum, claim)) counter.part(sum.period, overOf(sum, claim), now).spent += sum.spent;
      }
    }
  }

  #counter(claim: Claim): Counter {
    return this.#counters.of(claim, this.#options.store === undefined, this.clock.now());
  }

  extend(id: string, amounts: readonly bigint[]): Reservation {
    const hold = this.#holds.get(id);
    if (hold === undefined) throw goneHold(id);
    const now = this.clock.now();
    const grants = hold.places.map((place, index): Place => {
      const standing = place.counter.placeOf(place, now);
      standing.amount = growth(place.amount, amounts[index]);
      return standing;
    });
    for (const grant of grants) {
      if (grant.amount > 0n && !grant.fits) return refusal({ ...grant.claim, amount: grant.amount }, grant, now);
    }
    for (const [index, place] of hold.places.entries()) place.enlarge(grants[index]?.amount ?? 0n);
    return { ok: true, grants };
  }

  /** `reclaim`: from the hold of a dead owner, until the bill itself comes. `grants`: those of the hold, where they are at hand. */
  settle(id: string, postings: readonly Posting[], reclaim: boolean, grants?: readonly Grant[]): SettleResult {
    const hold = holdOf(grants) ?? this.#holds.get(id);
    const now = this.clock.now();
    const reclaimed = hold === undefined ? this.#buried.reclaimed(id) : undefined;
    if (hold === undefined && (reclaim || (reclaimed === undefined && this.#buried.has(id)))) return DUPLICATE;
    const late = hold === undefined || hold.lease.until <= now;
    for (const place of hold?.places ?? []) place.release();
    for (const posting of reclaimed ?? []) this.#post({ ...posting, actual: -posting.actual }, now);
    for (let index = 0; index < postings.length; index++) {
      const posting = postings[index] as Posting;
      if (posting.window === 'held' || posting.actual === 0n) continue;
      const place = placeOf(hold, posting, index);
      if (place === undefined) this.#post(posting, now);
      else place.part.spent += posting.actual;
    }
    if (hold !== undefined) this.#holds.delete(hold);
    this.#buried.add(id, now, reclaim ? postings : undefined);
    return late ? LATE : SETTLED;
  }

  /** Posts what no hold tells the place of. */
  #post({ scope, unit, window, name, period, kind, actual }: Posting, now: number): void {
    if (window === 'held' || actual === 0n) return;
    let counter = this.#counters.find(scope, unit, window, name);
    if (counter === undefined || !counter.known) {
      // The store's sums will have it when the budget is seen; how long a sliding window is only its claims tell.
      if (window === 'sliding' || (kind === 'budget' && this.#options.store !== undefined)) return;
      counter ??= this.#counters.add(scope, new Counter(unit, { kind: window, name }, true, now));
    }
    counter.partFor(period, now + YEAR, now).spent += actual;
  }

  orphans(most: number): readonly Orphan[] {
    const found: Orphan[] = [];
    for (const { id, memo, places, lease } of this.#holds.expired(this.clock.now())) {
      if (found.length >= most) break;
      const postings = places.map((place) => place.posting());
      found.push({ id, memo: memo(), postings, expired: lease.until });
    }
    return found;
  }

  /** Undefined where nobody has asked for the counter, and the store's sums were not read. */
  balance(counted: Counted): Balance | undefined {
    const { scope, unit, window } = counted;
    const counter = this.#counters.find(scope, unit, window.kind, window.name);
    if (counter?.known !== true) return undefined;
    return counter.place({ ...counted, kind: 'limit', amount: 0n }, this.clock.now()).balance;
  }
}

/** The hold that was granted this, while it is one. */
function holdOf(grants: readonly Grant[] | undefined): Hold | undefined {
  const first = grants?.[0];
  if (!(first instanceof Place)) return undefined;
  return first.hold?.places === grants ? first.hold : undefined;
}

/** Where a hold has what is posted: nearly always its claims and its postings are in the same order. */
function placeOf(hold: Hold | undefined, posting: Posting, index: number): Place | undefined {
  if (hold === undefined) return undefined;
  const place = hold.places[index];
  return place?.isFor(posting) === true ? place : hold.places.find((one) => one.isFor(posting));
}

function refusal(refused: Claim, place: Place, now: number): Reservation {
  const retryAfter = place.counter.waitFor(place, now);
  const answer = { ok: false, refused, balance: place.before } as const;
  return retryAfter === undefined ? answer : { ...answer, retryAfter };
}

const isSumOf = (sum: Rollup, { scope, unit, window }: Claim): boolean =>
  sum.scope === scope && sum.unit === unit && sum.window === window.kind && sum.name === window.name;

/** When the period of a sum is over. One that the claim does not name is not the current one. */
function overOf({ period }: Rollup, { window }: Claim): number {
  if (window.kind !== 'periods') return Infinity;
  return window.periods.find(({ id }) => id === period)?.end ?? 0;
}
