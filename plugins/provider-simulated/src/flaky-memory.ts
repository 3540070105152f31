/** Remembers how often calls have failed that are to fail a number of times and then succeed. */

/** How many kinds of calls are remembered; the oldest are forgotten. */
const CAPACITY = 1000;

export class FlakyMemory {
  readonly #failures = new Map<string, number>();

  /** Whether this call has to fail, where the first `times` calls of its kind do. When one may succeed, its kind begins anew. */
  fails(kind: string, times: number): boolean {
    const failures = this.#failures.get(kind) ?? 0;
    this.#failures.delete(kind);
    if (failures >= times) return false;
    this.#failures.set(kind, failures + 1);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > CAPACITY && oldest !== undefined) this.#failures.delete(oldest);
    return true;
  }
}
