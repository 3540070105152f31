/** How much rows add to the durable sums of counters, gathered so that each counter is touched once. */
import type { Posting } from '@gatewright/core';

/** A counter, what is added to it, and when the last of it was posted. */
interface Sum {
  readonly counter: readonly [scope: string, unit: string, window: string, name: string, period: string];
  amount: bigint;
  touched: number;
}

export class Sums {
  readonly #sums = new Map<string, Sum>();

  /** Adds the postings of a row, or with `sign` -1 takes them away. Only budgets are summed for good; limits forget. */
  add(postings: readonly Posting[], time: number, sign: 1n | -1n = 1n): void {
    for (const { kind, scope, unit, window, name, period, actual } of postings) {
      if (kind !== 'budget' || window === 'held') continue;
      const counter = [scope, unit, window, name, period] as const;
      const key = JSON.stringify(counter);
      const sum = this.#sums.get(key) ?? { counter, amount: 0n, touched: 0 };
      sum.amount += sign * actual;
      sum.touched = Math.max(sum.touched, time);
      this.#sums.set(key, sum);
    }
  }

  /** The sums in one order for every process: two that lock the same rows in different orders would wait for each other. */
  sorted(): readonly Sum[] {
    const entries = [...this.#sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return entries.map(([, sum]) => sum);
  }
}
