/** Things that belong to the gateway and not to one kernel: opened once per key, closed when the last user is gone. */
interface Entry {
  readonly value: unknown;
  readonly close: (value: never) => void | Promise<void>;
  users: number;
}

export class SharedThings {
  readonly #entries = new Map<string, Entry>();

  /** Opens what stands under the key, or gives what is open already. */
  acquire<T>(key: string, open: () => T, close: (value: T) => void | Promise<void>): T {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { value: open(), close, users: 0 };
      this.#entries.set(key, entry);
    }
    entry.users++;
    return entry.value as T;
  }

  /** Gives one use back; the last one closes. */
  async release(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry === undefined || --entry.users > 0) return;
    this.#entries.delete(key);
    await entry.close(entry.value as never);
  }
}
