/** A clock that tests move themselves. */
import type { Clock } from './clock.ts';

export class ManualClock implements Clock {
  #time = 0;
  #timers: { readonly at: number; readonly task: () => void }[] = [];

  now(): number {
    return 1_700_000_000_000 + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  after(delay: number, task: () => void): () => void {
    const timer = { at: this.#time + delay, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers have not fired. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Moves on, and fires what is due, in order. */
  advance(by: number): void {
    const end = this.#time + by;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#time = Math.max(this.#time, next.at);
      next.task();
    }
    this.#time = end;
  }

  /** Moves on without firing what is due meanwhile until the end, as a loop that was blocked. */
  block(by: number): void {
    this.#time += by;
    this.advance(0);
  }
}
