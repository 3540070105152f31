/** How much the rows of one batch add to the durable sums of counters: most add to the same few, and each is written once. */
import type { Posting, UsageRow } from '@gatewright/core';

interface Sum {
  readonly counter: Posting;
  amount: bigint;
  /** Unix milliseconds: when the last of it was posted. */
  touched: number;
}

export class Sums {
  readonly #sums = new Map<string, Sum>();

  /** Adds what a row posted, or takes it away. Only budgets are summed for good; limits forget. */
  add({ postings, time }: UsageRow, sign: 1n | -1n = 1n): void {
    for (const posting of postings) {
      if (posting.kind !== 'budget' || posting.window === 'held') continue;
      const sum = this.#sumOf(posting);
      sum.amount += sign * posting.actual;
      if (time > sum.touched) sum.touched = time;
    }
  }

  values(): Iterable<Sum> {
    return this.#sums.values();
  }

  #sumOf(counter: Posting): Sum {
    const { scope, unit, window, name, period } = counter;
    // With lengths: a scope has whatever a client calls itself.
    const key = `${scope.length} ${scope} ${name.length} ${name} ${unit} ${window} ${period}`;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sum = { counter, amount: 0n, touched: 0 };
    this.#sums.set(key, sum);
    return sum;
  }
}
