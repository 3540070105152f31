/** One counter: what is spent and reserved in the parts of its window that still matter. */
import type { Balance, Claim, ClaimWindow } from '@gatewright/core';
import { bucketAt, noPeriod, periodAt, slidingEnd, slidingWait, weightAt, weighted, type Buckets } from './window.ts';

/** A period, a bucket, or, under '', all there is. */
export interface Part {
  readonly id: string;
  spent: bigint;
  reserved: bigint;
  /** How many holds are in it. */
  holds: number;
  /** When nobody asks for it any more, Unix milliseconds. */
  over: number;
}

/** Where a claim would be counted, and how it stands there. */
export interface Place {
  readonly counter: Counter;
  readonly part: string;
  readonly over: number;
  readonly balance: Balance;
  /** Of sliding windows. */
  readonly buckets?: Buckets;
}

export class Counter {
  /** What is spent is known: it began here, or was read from the store. */
  known: boolean;
  /** When it was last asked for, Unix milliseconds. */
  used = 0;
  /** Of sliding windows. */
  readonly length: number | undefined;
  readonly #parts = new Map<string, Part>();

  constructor(window: ClaimWindow['kind'], length: number | undefined, known: boolean) {
    this.length = window === 'sliding' ? length : undefined;
    this.known = known;
  }

  /** Where an amount that is claimed now belongs. Throws `GW_STATE_UNAVAILABLE` where the clock stands in no period. */
  place(claim: Pick<Claim, 'window' | 'scope' | 'label' | 'limit'>, now: number): Place {
    const { window } = claim;
    this.used = now;
    this.clean(now);
    const limit = claim.limit === undefined ? {} : { limit: claim.limit };
    if (window.kind === 'sliding') return this.#sliding(window.length, now, limit);
    if (window.kind !== 'periods') return { ...this.#whole('', limit), over: Infinity };
    const period = periodAt(window.periods, now);
    if (period === undefined) throw noPeriod(claim, window.name, now);
    return { ...this.#whole(period.id, { ...limit, resetsAt: period.end }), over: period.end };
  }

  #whole(id: string, more: Partial<Balance>): Omit<Place, 'over'> {
    const part = this.#parts.get(id);
    const balance = { spent: part?.spent ?? 0n, reserved: part?.reserved ?? 0n, ...more };
    return { counter: this, part: id, balance };
  }

  #sliding(length: number, now: number, limit: Partial<Balance>): Place {
    const bucket = bucketAt(now, length);
    const running = this.#parts.get(`${bucket}`);
    const previous = this.#parts.get(`${bucket - 1}`);
    const weight = weightAt(now, length);
    const spent = (running?.spent ?? 0n) + weighted(previous?.spent ?? 0n, weight);
    const reserved = (running?.reserved ?? 0n) + weighted(previous?.reserved ?? 0n, weight);
    const buckets = { running: sum(running), previous: sum(previous) };
    const end = slidingEnd(buckets, now, length);
    const balance = { spent, reserved, ...limit, ...(end === undefined ? {} : { resetsAt: end }) };
    return { counter: this, part: `${bucket}`, over: (bucket + 2) * length, balance, buckets };
  }

  /** Holds an amount in a part, which begins to be where it was not. */
  hold(id: string, over: number, amount: bigint): void {
    const part = this.#part(id, over);
    part.over = over;
    part.reserved += amount;
    part.holds++;
  }

  /** Makes an amount that is held in a part larger. */
  enlarge(id: string, amount: bigint): void {
    const part = this.#parts.get(id);
    if (part !== undefined) part.reserved += amount;
  }

  /** Gives back what was held. */
  release(id: string, amount: bigint): void {
    const part = this.#parts.get(id);
    if (part === undefined) return;
    part.reserved -= amount;
    part.holds--;
  }

  /** Adds to what is spent in a part. `over` is used where the part is new. */
  post(id: string, amount: bigint, over: number): void {
    this.#part(id, over).spent += amount;
  }

  /** Drops the parts that are over, or empty, and that nothing is held in. Answers whether anything is left. */
  clean(now: number): boolean {
    for (const part of this.#parts.values()) {
      if (part.holds === 0 && (part.over <= now || part.spent === 0n)) this.#parts.delete(part.id);
    }
    return this.#parts.size > 0;
  }

  #part(id: string, over: number): Part {
    let part = this.#parts.get(id);
    if (part === undefined) {
      part = { id, spent: 0n, reserved: 0n, holds: 0, over };
      this.#parts.set(id, part);
    }
    return part;
  }
}

const sum = (part: Part | undefined): bigint => (part === undefined ? 0n : part.spent + part.reserved);

/** Milliseconds until a refused claim fits by the passing of time alone; undefined where waiting does not help. */
export function waitFor(claim: Claim, { balance, buckets }: Place, now: number): number | undefined {
  const { window, amount, limit } = claim;
  if (limit === undefined || amount > limit) return undefined;
  if (window.kind === 'sliding' && buckets !== undefined) {
    return slidingWait(buckets, { length: window.length, now }, amount, limit);
  }
  return balance.resetsAt === undefined ? undefined : balance.resetsAt - now;
}
