/** A map that forgets everything when it grows too large: names of targets can come from clients, by a pattern. */

const MOST = 10_000;

export class BoundedMap<V> {
  readonly #values = new Map<string, V>();

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    if (this.#values.size >= MOST && !this.#values.has(key)) this.#values.clear();
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  values(): IterableIterator<V> {
    return this.#values.values();
  }
}
