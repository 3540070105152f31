/** How many calls answered and how many failed in the last while, in slots that a window slides over. */

const SLOTS = 10;

export class Tally {
  answered = 0;
  failed = 0;
  #width: number;
  /** The number of the newest slot since the clock began. */
  #newest = 0;
  readonly #good = new Uint32Array(SLOTS);
  readonly #bad = new Uint32Array(SLOTS);

  /** @param window milliseconds. */
  constructor(window: number) {
    this.#width = window / SLOTS;
  }

  /** Looks further back or less far from now on; what was counted is counted anew. */
  resize(window: number): void {
    if (window / SLOTS === this.#width) return;
    this.#width = window / SLOTS;
    this.clear();
  }

  /** @param now milliseconds that never go backwards. */
  add(failed: boolean, now: number): void {
    this.slide(now);
    const slot = this.#newest % SLOTS;
    if (failed) {
      this.#bad[slot] = (this.#bad[slot] ?? 0) + 1;
      this.failed++;
    } else {
      this.#good[slot] = (this.#good[slot] ?? 0) + 1;
      this.answered++;
    }
  }

  /** Forgets what is older than the window. */
  slide(now: number): void {
    const newest = Math.floor(now / this.#width);
    if (newest <= this.#newest) return;
    if (newest - this.#newest >= SLOTS) this.clear();
    else for (let slot = this.#newest + 1; slot <= newest; slot++) this.#drop(slot % SLOTS);
    this.#newest = newest;
  }

  clear(): void {
    this.answered = 0;
    this.failed = 0;
    this.#good.fill(0);
    this.#bad.fill(0);
  }

  #drop(slot: number): void {
    this.answered -= this.#good[slot] ?? 0;
    this.failed -= this.#bad[slot] ?? 0;
    this.#good[slot] = 0;
    this.#bad[slot] = 0;
  }
}
