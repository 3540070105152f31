/** Who waits, by where they came from: every source gets its turn, and none takes the places of the others. */

export class FairQueue<T> {
  /** In the order of their turns. */
  readonly #sources = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(source: string, item: T): void {
    const waiting = this.#sources.get(source);
    if (waiting === undefined) this.#sources.set(source, [item]);
    else waiting.push(item);
    this.#size++;
  }

  /** The next in turn: the oldest of the source that was served longest ago. */
  shift(): T | undefined {
    for (const [source, waiting] of this.#sources) {
      const item = waiting.shift() as T;
      this.#sources.delete(source);
      if (waiting.length > 0) this.#sources.set(source, waiting);
      this.#size--;
      return item;
    }
    return undefined;
  }

  /** Makes room for one more of a source: takes out the newest of whichever has most. Undefined where that is the source itself. */
  displace(source: string): T | undefined {
    let [heaviest, most] = [source, (this.#sources.get(source)?.length ?? 0) + 1];
    for (const [other, { length }] of this.#sources) if (length > most) [heaviest, most] = [other, length];
    if (heaviest === source) return undefined;
    this.#size--;
    // It had more than one: some are left.
    return this.#sources.get(heaviest)?.pop();
  }
}
