/** How much the rows of one batch add to the durable sums of counters: most add to the same few, and each is written once. */
import type { RollupKey } from '@gatewright/core';

/** The budgets among the counters of rows, and what the rows of one batch have posted to each. */
export interface Budgets {
  readonly counters: readonly RollupKey[];
  /** Where in a row's amounts stands what was used of each. */
  readonly places: readonly number[];
  readonly amounts: bigint[];
  /** Unix milliseconds: when the last of it was posted; 0 where nothing was. */
  touched: number;
}

interface Sum {
  readonly counter: RollupKey;
  amount: bigint;
  touched: number;
}

/** Reads the counters of rows. Only budgets are summed for good; limits forget. */
export function budgetsAmong(text: string): Budgets {
  const fields = JSON.parse(text.slice(1)) as readonly string[];
  const counters: RollupKey[] = [];
  const places: number[] = [];
  for (let at = 0; at < fields.length; at += 6) {
    const [scope = '', unit = '', window, name = '', period = '', kind] = fields.slice(at, at + 6);
    if (kind !== 'budget' || window === 'held') continue;
    counters.push({ scope, unit, window: window as RollupKey['window'], name, period });
    places.push(at / 3 + 1);
  }
  return { counters, places, amounts: counters.map(() => 0n), touched: 0 };
}

export class Sums {
  #touched: Budgets[] = [];
  #text = '0';
  #amount = 0n;

  /** Adds what a row posted, or takes it away. `amounts`: what each posting held, and used. `time`: Unix milliseconds. */
  add(budgets: Budgets, amounts: string, time: number, sign: 1n | -1n = 1n): void {
    if (budgets.counters.length === 0) return;
    if (budgets.touched === 0) this.#touched.push(budgets);
    let at = 0;
    let next = 0;
    for (let index = 0; index < budgets.places.length; index++) {
      for (const place = budgets.places[index] as number; next < place; next++) at = amounts.indexOf(' ', at) + 1;
      const end = amounts.indexOf(' ', at);
      const amount = this.#amountOf(end < 0 ? amounts.slice(at) : amounts.slice(at, end));
      budgets.amounts[index] = (budgets.amounts[index] as bigint) + (sign === 1n ? amount : -amount);
    }
    budgets.touched = Math.max(budgets.touched, time, 1);
  }

  /** The sums of the batch, and begins anew. */
  take(): readonly Sum[] {
    // By scope: a scope has few counters, which are found by comparing sooner than by a name put together for each.
    const sums = new Map<string, Sum[]>();
    for (const budgets of this.#touched) {
      for (const [index, counter] of budgets.counters.entries()) {
        const sum = sumOf(sums, counter);
        sum.amount += budgets.amounts[index] as bigint;
        sum.touched = Math.max(sum.touched, budgets.touched);
        budgets.amounts[index] = 0n;
      }
      budgets.touched = 0;
    }
    this.#touched = [];
    return [...sums.values()].flat();
  }

  /** The budgets of a row are mostly billed the same. */
  #amountOf(text: string): bigint {
    if (text !== this.#text) {
      this.#text = text;
      this.#amount = BigInt(text);
    }
    return this.#amount;
  }
}

function sumOf(sums: Map<string, Sum[]>, counter: RollupKey): Sum {
  const found = sums.get(counter.scope);
  if (found !== undefined) for (const sum of found) if (isSame(sum.counter, counter)) return sum;
  const sum = { counter, amount: 0n, touched: 0 };
  if (found === undefined) sums.set(counter.scope, [sum]);
  else found.push(sum);
  return sum;
}

/** Of one scope. */
function isSame(a: RollupKey, b: RollupKey): boolean {
  return a.unit === b.unit && a.name === b.name && a.period === b.period && a.window === b.window;
}
