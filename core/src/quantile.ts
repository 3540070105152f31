/** Quantiles of what was seen lately, in a fixed amount of memory. */

/** Every bucket reaches this much further than the one before: 19 %, the error of a quantile at most. */
const STEPS_PER_DOUBLING = 4;
/** Reaches to 16 million. */
const BUCKETS = 24 * STEPS_PER_DOUBLING;
/** What was seen so many observations ago counts half. */
const HALF_LIFE = 256;
const GROWTH = 2 ** (1 / HALF_LIFE);
/** Weights are made small again before they lose precision. */
const LARGE = 1e100;

/** Counts whole numbers in buckets; the weight of an observation grows, so that earlier ones count less and less. */
export class DecayedQuantile {
  readonly #buckets = new Float64Array(BUCKETS + 1);
  #weight = 1;
  #total = 0;
  #count = 0;

  /** How many observations there were. */
  get count(): number {
    return this.#count;
  }

  /** `value`: a number from nothing up. */
  observe(value: number): void {
    const bucket = value <= 1 ? 0 : Math.min(BUCKETS, Math.ceil(Math.log2(value) * STEPS_PER_DOUBLING));
    this.#weight *= GROWTH;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + this.#weight;
    this.#total += this.#weight;
    this.#count++;
    if (this.#weight > LARGE) this.#shrink();
  }

  /** What the share `q` of the observations (0 to 1) did not pass: never too low, and too high by 19 % at most. 0 where there were none. */
  at(q: number): number {
    let left = this.#total * q;
    for (const [bucket, weight] of this.#buckets.entries()) {
      left -= weight;
      // Sums of many small numbers miss the whole by a hair.
      if (left <= this.#total * 1e-9 && weight > 0) return Math.ceil(2 ** (bucket / STEPS_PER_DOUBLING));
    }
    return 0;
  }

  #shrink(): void {
    for (const [bucket, weight] of this.#buckets.entries()) this.#buckets[bucket] = weight / this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }
}

/** Quantiles by name; the one that was used longest ago is forgotten where there are too many. */
export class QuantileTable {
  readonly #most: number;
  readonly #named = new Map<string, DecayedQuantile>();

  /** Each takes about 800 bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#named.size;
  }

  /** What was observed under a name; undefined where nothing was. */
  get(name: string): DecayedQuantile | undefined {
    return this.#named.get(name);
  }

  /** The quantile of the first name of which enough was observed; undefined where that is none. */
  at(names: readonly string[], q: number, enough: number): number | undefined {
    const known = names.map((name) => this.#named.get(name)).find((one) => one !== undefined && one.count >= enough);
    return known?.at(q);
  }

  observe(name: string, value: number): void {
    const known = this.#named.get(name) ?? new DecayedQuantile();
    known.observe(value);
    this.#named.delete(name);
    this.#named.set(name, known);
    if (this.#named.size <= this.#most) return;
    for (const oldest of this.#named.keys()) {
      this.#named.delete(oldest);
      return;
    }
  }
}
