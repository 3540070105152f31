/** A clock that stands still until a test moves it. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@gatewright/core';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

export class Hands implements Clock {
  time = Date.UTC(2026, 10, 22, 12);
  /** Waits for what goes on outside of this clock: calls of a store. */
  idle: () => Promise<void> = () => setImmediate();
  #timers: Timer[] = [];

  now = (): number => this.time;
  monotonic = (): number => this.time;

  after(delay: number, task: () => void): () => void {
    const timer = { at: this.time + delay, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Moves on, and lets what was due happen in its order. */
  async move(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.time = Math.max(this.time, due.at);
      due.task();
      await this.idle();
    }
    this.time = end;
    await this.idle();
  }
}
