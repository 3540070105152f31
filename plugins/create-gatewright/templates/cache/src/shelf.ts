/** Answers in memory, for a while. */
import type { ChatResponse, Clock } from '@gatewright/core';

export class Shelf {
  readonly #entries = new Map<string, { readonly response: ChatResponse; readonly until: number }>();
  readonly #most: number;
  readonly #lifetime: number;
  readonly #clock: Clock;

  /** `lifetime` in milliseconds. */
  constructor(most: number, lifetime: number, clock: Clock) {
    this.#most = most;
    this.#lifetime = lifetime;
    this.#clock = clock;
  }

  get(key: string): ChatResponse | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#clock.monotonic() < entry.until ? entry.response : undefined;
  }

  put(key: string, response: ChatResponse): void {
    // A map keeps the order in which its keys came: what is written again is the youngest.
    this.#entries.delete(key);
    this.#entries.set(key, { response, until: this.#clock.monotonic() + this.#lifetime });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(oldest);
    }
  }
}
