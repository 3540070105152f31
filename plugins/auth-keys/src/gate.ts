/** Lets only so many reads of the store be under way at once, and no reader wait for long. */
import type { Clock } from '@gatewright/core';
import { unavailable, within } from './follower.ts';

export class Gate {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #queue: (() => void)[] = [];
  readonly #longest: number;
  readonly #timeout: number;
  #running = 0;

  /** `most` reads at once, `longest` that wait their turn, and `timeout` milliseconds for waiting and reading together. */
  constructor(clock: Clock, most: number, longest: number, timeout: number) {
    this.#clock = clock;
    this.#most = most;
    this.#longest = longest;
    this.#timeout = timeout;
  }

  /** Rejects with `GW_STORE_UNAVAILABLE` where too many wait already, and where it takes too long. */
  run<T>(read: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most && this.#queue.length >= this.#longest) {
      return Promise.reject(unavailable('too many keys are being looked up'));
    }
    return within(this.#clock, this.#timeout, () => this.#enter(read));
  }

  /** A read that nobody waits for any more keeps its place until it ends: the store is still at work on it. */
  async #enter<T>(read: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running++;
    try {
      return await read();
    } finally {
      // The place goes on to the next in the queue.
      const next = this.#queue.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
