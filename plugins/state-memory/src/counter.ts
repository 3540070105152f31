/** One counter: what is spent and reserved in the parts of its window that still matter. */
import type { Claim, ClaimWindow } from '@gatewright/core';
import { Place } from './place.ts';
import { bucketAt, noPeriod, periodAt, slidingEnd, slidingWait, weightAt, weighted, type Buckets } from './window.ts';

/** A period, a bucket, or, under '', all there is. Holds keep the part that they are in, and change it without looking for it. */
export class Part {
  readonly id: string | number;
  spent = 0n;
  reserved = 0n;
  /** How many holds are in it. */
  holds = 0;
  /** When nobody asks for it any more, Unix milliseconds. */
  over: number;

  constructor(id: string | number, over: number) {
    this.id = id;
    this.over = over;
  }

  /** All that counts in it. */
  get sum(): bigint {
    return this.spent + this.reserved;
  }
}

/** What a counter must know of its window. */
interface WindowShape {
  readonly kind: ClaimWindow['kind'];
  readonly name: string;
  /** Of sliding windows, milliseconds. */
  readonly length?: number;
}

export class Counter {
  readonly unit: string;
  readonly kind: ClaimWindow['kind'];
  /** The window's. */
  readonly name: string;
  /** Of sliding windows, milliseconds. */
  readonly length: number | undefined;
  /** What is spent is known: it began here, or was read from the store. */
  known: boolean;
  /** When it was last asked for, Unix milliseconds. */
  used: number;
  /** The number of the hold that asked for it last: one that asks twice is a mistake. */
  asked = 0;
  /** Rarely more than three. */
  #parts: Part[] = [];

  constructor(unit: string, window: WindowShape, known: boolean, now: number) {
    this.unit = unit;
    this.kind = window.kind;
    this.name = window.name;
    this.length = window.length;
    this.known = known;
    // Else the first sweep would take it for one that was long forgotten, and what was read of it with it.
    this.used = now;
  }

  /** Where an amount that is claimed now belongs. Throws `GW_STATE_UNAVAILABLE` where the clock stands in no period. */
  place(claim: Claim, now: number): Place {
    const { window } = claim;
    this.used = now;
    if (window.kind === 'sliding') return this.#sliding(claim, window.length, now);
    if (window.kind !== 'periods') return this.#whole(claim, this.part('', Infinity, now), undefined);
    const period = periodAt(window.periods, now);
    if (period === undefined) throw noPeriod(claim, window.name, now);
    const part = this.part(period.id, period.end, now);
    // What was posted into it before did not know when it ends.
    part.over = period.end;
    return this.#whole(claim, part, period.end);
  }

  /** How the part stands that a hold is in, also when the clock has left it. */
  placeOf({ claim, part, resetsAt }: Place, now: number): Place {
    if (this.kind !== 'periods') return this.place(claim, now);
    this.used = now;
    return this.#whole(claim, part, Math.max(resetsAt ?? 0, now + 1));
  }

  #whole(claim: Claim, part: Part, resetsAt: number | undefined): Place {
    return new Place(claim, this, part, part.spent, part.reserved, resetsAt);
  }

  #sliding(claim: Claim, length: number, now: number): Place {
    const bucket = bucketAt(now, length);
    const running = this.part(bucket, (bucket + 2) * length, now);
    const previous = this.#find(bucket - 1);
    let { spent, reserved } = running;
    if (previous !== undefined) {
      const weight = weightAt(now, length);
      spent += weighted(previous.spent, weight);
      reserved += weighted(previous.reserved, weight);
    }
    return new Place(claim, this, running, spent, reserved, slidingEnd(bucketsOf(running, previous), now, length));
  }

  /** Where an amount is posted that no hold tells the place of; `over` is used where the period is new. */
  partFor(period: string, over: number, now: number): Part {
    const { kind, length } = this;
    if (length === undefined) return kind === 'total' ? this.part('', Infinity, now) : this.part(period, over, now);
    const bucket = bucketAt(now, length);
    return this.part(bucket, (bucket + 2) * length, now);
  }

  /** The part of this name, which begins to be where it was not. */
  part(id: string | number, over: number, now: number): Part {
    let part = this.#find(id);
    if (part === undefined) {
      // Windows move on seldom: what they have left is thrown away then, and not with every hold.
      this.clean(now);
      this.#parts.push((part = new Part(id, over)));
    }
    return part;
  }

  /** Milliseconds until a refused claim fits by the passing of time alone; undefined where waiting does not help. */
  waitFor({ claim, amount, part, resetsAt }: Place, now: number): number | undefined {
    const { limit } = claim;
    if (limit === undefined || amount > limit) return undefined;
    const { length } = this;
    if (length === undefined) return resetsAt === undefined ? undefined : resetsAt - now;
    const buckets = bucketsOf(part, this.#find(bucketAt(now, length) - 1));
    return slidingWait(buckets, { length, now }, amount, limit);
  }

  /** Drops the parts that are over, or empty, and that nothing is held in. Answers whether anything is left. */
  clean(now: number): boolean {
    this.#parts = this.#parts.filter(({ holds, over, spent }) => holds > 0 || (over > now && spent !== 0n));
    return this.#parts.length > 0;
  }

  #find(id: string | number): Part | undefined {
    for (const part of this.#parts) if (part.id === id) return part;
    return undefined;
  }
}

/** How long a sliding window is, in milliseconds. */
export function lengthOf(window: ClaimWindow): number | undefined {
  return window.kind === 'sliding' ? window.length : undefined;
}

function bucketsOf(running: Part, previous: Part | undefined): Buckets {
  return { running: running.sum, previous: previous?.sum ?? 0n };
}
