/** How much the rows of one batch add to the durable sums of counters: most add to the same few, and each is written once. */
import type { Posting, UsageRow } from '@gatewright/core';

interface Sum {
  readonly counter: Posting;
  amount: bigint;
  /** Unix milliseconds: when the last of it was posted. */
  touched: number;
}

export class Sums {
  /** By scope: a scope has few counters, which are found by comparing sooner than by a name put together for each. */
  readonly #sums = new Map<string, Sum[]>();

  /** Adds what a row posted, or takes it away. Only budgets are summed for good; limits forget. */
  add({ postings, time }: UsageRow, sign: 1n | -1n = 1n): void {
    for (const posting of postings) {
      if (posting.kind !== 'budget' || posting.window === 'held') continue;
      const sum = this.#sumOf(posting);
      sum.amount += sign * posting.actual;
      if (time > sum.touched) sum.touched = time;
    }
  }

  all(): readonly Sum[] {
    return [...this.#sums.values()].flat();
  }

  #sumOf(posting: Posting): Sum {
    const found = this.#sums.get(posting.scope);
    if (found !== undefined) for (const sum of found) if (isSame(sum.counter, posting)) return sum;
    const sum = { counter: posting, amount: 0n, touched: 0 };
    if (found === undefined) this.#sums.set(posting.scope, [sum]);
    else found.push(sum);
    return sum;
  }
}

/** Of one scope. */
function isSame(a: Posting, b: Posting): boolean {
  return a.unit === b.unit && a.name === b.name && a.period === b.period && a.window === b.window;
}
