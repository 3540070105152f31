/** A map that forgets everything when it grows too large: targets can come from clients' words, by a pattern. */

const MOST = 10_000;

export class BoundedMap<V, K = string> {
  readonly #values = new Map<K, V>();

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  set(key: K, value: V): void {
    if (this.#values.size >= MOST && !this.#values.has(key)) this.#values.clear();
    this.#values.set(key, value);
  }

  delete(key: K): void {
    this.#values.delete(key);
  }

  values(): IterableIterator<V> {
    return this.#values.values();
  }
}
