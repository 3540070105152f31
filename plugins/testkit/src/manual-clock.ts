/** A clock that only moves when told; timers fire in the order of their times. */
import type { Clock } from '@gatewright/core';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

export class ManualClock implements Clock {
  readonly #start: number;
  #elapsed = 0;
  #timers: Timer[] = [];

  /** @param start what `now` says at first, Unix milliseconds. */
  constructor(start = 1_700_000_000_000) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  /** Milliseconds since the clock was made. */
  monotonic(): number {
    return this.#elapsed;
  }

  after(delay: number, task: () => void): () => void {
    const timer = { at: this.#elapsed + delay, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers have not fired. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Moves on by so many milliseconds, and fires what is due meanwhile. */
  advance(by: number): void {
    const until = this.#elapsed + by;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) this.#fire(next);
    this.#elapsed = until;
  }

  /** Moves to the next timer and fires it; false where there is none. */
  step(): boolean {
    const next = this.#next(Infinity);
    if (next !== undefined) this.#fire(next);
    return next !== undefined;
  }

  #next(until: number): Timer | undefined {
    return this.#timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  }

  #fire(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
    this.#elapsed = Math.max(this.#elapsed, timer.at);
    timer.task();
  }
}
