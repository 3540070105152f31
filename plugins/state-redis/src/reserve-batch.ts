/** Holds that are taken by one script. */
import type { Claim } from '@gatewright/core';
import { AmountTexts } from './amount-texts.ts';
import type { CounterName, CounterNames } from './counter-names.ts';
import { amountText, windowText } from './encode.ts';
import type { Batch } from './gathering.ts';
import type { EpochKeys } from './keys.ts';
import { ReserveAnswers, type CountedHold, type HoldAnswer } from './reserve-answers.ts';
import type { Reply } from './script.ts';

/** A hold that is asked for. */
export interface AskedHold {
  readonly id: string;
  readonly claims: readonly Claim[];
  readonly memo: string;
  readonly provisional: boolean;
}

export class ReserveBatch implements Batch<AskedHold, HoldAnswer> {
  readonly epoch: EpochKeys;
  readonly #names: CounterNames;
  readonly #owner: string;
  /** Whether budgets must be known. */
  readonly #known: boolean;
  readonly #holds = new Map<string, CountedHold>();
  readonly #windows: string[] = [];
  /** The counters by their keys: their numbers, and the windows that they have in this batch. */
  readonly #counters = new Map<string, number>();
  readonly #windowOf: number[] = [];
  readonly #sliding: boolean[] = [];
  readonly #texts: string[] = [];
  readonly #amounts = new AmountTexts();
  /** How many claims each hold has. */
  readonly #counts: number[] = [];
  /** Of each claim the counter, the amount and the limit. */
  readonly #rows: (number | string)[] = [];

  constructor(epoch: EpochKeys, names: CounterNames, owner: string, known: boolean) {
    this.epoch = epoch;
    this.#names = names;
    this.#owner = owner;
    this.#known = known;
  }

  get size(): number {
    return this.#holds.size;
  }

  /** The ids of the holds. */
  get ids(): Iterable<string> {
    return this.#holds.keys();
  }

  take({ id, claims, memo, provisional }: AskedHold): boolean {
    if (this.#holds.has(id)) return false;
    const counters: number[] = [];
    const row: (number | string)[] = [];
    const amounts: string[] = [];
    const packed: string[] = [];
    for (const claim of claims) {
      const name = this.#names.of(claim);
      const counter = this.#counterOf(claim, this.#names.keyOf(name, claim.scope, this.epoch));
      if (counter === 0) return false;
      this.#names.note(claim, name);
      const amount = this.#amounts.of(claim.amount);
      counters.push(counter);
      amounts.push(amount);
      packed.push(name.packed[claim.kind]);
      row.push(counter, amount, limitText(claim.limit, name));
    }
    this.#rows.push(...row);
    this.#counts.push(claims.length);
    const head = `${provisional ? 'P' : 'H'} ${claims.length} ${this.#owner}\n[${amounts.join(',')}]\n`;
    this.#texts.push(id, head, `[${packed.join(',')}]\n${memo}`);
    this.#holds.set(id, { claims, counters });
    return true;
  }

  get keys(): readonly string[] {
    const keys = [this.epoch.holdsOf(this.#owner)];
    for (const id of this.#holds.keys()) keys.push(this.epoch.hold(id));
    for (const key of this.#counters.keys()) keys.push(key);
    return keys;
  }

  get values(): readonly string[] {
    const asked = [this.#windows, this.#windowOf, this.#counts, this.#rows].map((list) => `[${list.join(',')}]`);
    return [this.#amounts.long ? '1' : '0', `[${asked.join(',')}]`, ...this.#texts];
  }

  read(reply: Reply): readonly HoldAnswer[] {
    const answers = new ReserveAnswers(reply, this.#windows.length, this.#windowOf, this.#sliding);
    return answers.read(this.#holds.values());
  }

  /** The counter's number in this batch, counted from one; 0 where it is in it with another window. */
  #counterOf({ kind, window }: Claim, key: string): number {
    const text = windowText(kind, window, this.#known);
    let at = this.#windows.indexOf(text) + 1;
    if (at === 0) at = this.#windows.push(text);
    const before = this.#counters.get(key);
    if (before !== undefined) return this.#windowOf[before - 1] === at ? before : 0;
    this.#counters.set(key, this.#counters.size + 1);
    this.#sliding.push(window.kind === 'sliding');
    return this.#windowOf.push(at);
  }
}

/** A limit as JSON. It is the same for years. */
function limitText(limit: bigint | undefined, name: CounterName): string {
  if (name.limit !== limit) {
    name.limit = limit;
    name.limitText = limit === undefined ? '""' : amountText(limit);
  }
  return name.limitText;
}
