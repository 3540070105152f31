/** The ids of the rows that were written lately, in two halves: when the younger is full, the older is forgotten as a whole. */

/** Forgetting one by one would have every look for the oldest walk over all that were forgotten before it. */
const HALF = 50_000;

export class RecentIds {
  /** As they came: hardly ever does anybody ask, and to add to a set takes ten times as long. */
  #younger: string[] = [];
  #older: readonly string[] = [];

  add(id: string): void {
    if (this.#younger.push(id) < HALF) return;
    this.#older = this.#younger;
    this.#younger = [];
  }

  /** Those of this moment. */
  copy(): Set<string> {
    return new Set([...this.#older, ...this.#younger]);
  }
}
