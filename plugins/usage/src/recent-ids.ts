/** The ids of the rows that were written lately, in two halves: when the younger is full, the older is forgotten as a whole. */

/** Forgetting one by one would have every look for the oldest walk over all that were forgotten before it. */
const HALF = 50_000;

export class RecentIds {
  #younger = new Set<string>();
  #older = new Set<string>();

  add(id: string): void {
    this.#younger.add(id);
    if (this.#younger.size < HALF) return;
    this.#older = this.#younger;
    this.#younger = new Set();
  }

  /** Those of this moment. */
  copy(): Set<string> {
    return new Set([...this.#older, ...this.#younger]);
  }
}
