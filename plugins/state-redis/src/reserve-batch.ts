/** Holds that are taken by one script. */
import type { Claim } from '@gatewright/core';
import type { CounterNames } from './counter-names.ts';
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
  #rows = '';
  #long = false;

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
    let [row, amounts, packed] = ['', '', ''];
    for (const claim of claims) {
      const name = this.#names.of(claim);
      const counter = this.#counterOf(claim, this.#names.keyOf(name, claim.scope, this.epoch));
      if (counter === 0) return false;
      counters.push(counter);
      this.#names.note(claim, name);
      const amount = amountText(claim.amount);
      if (amount.startsWith('"')) this.#long = true;
      const limit = claim.limit === undefined ? '""' : amountText(claim.limit);
      const comma = row === '' ? '' : ',';
      row += `${comma}${counter},${amount},${limit}`;
      amounts += comma + amount;
      packed += comma + name.packed[claim.kind];
    }
    this.#rows += `${this.size === 0 ? '' : ','}[${row}]`;
    const head = `${provisional ? 'P' : 'H'} ${claims.length} ${this.#owner}\n[${amounts}]\n`;
    this.#texts.push(id, head, `[${packed}]\n${memo}`);
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
    const asked = `[[${this.#windows.join(',')}],[${this.#windowOf.join(',')}],[${this.#rows}]]`;
    return [this.#long ? '1' : '0', asked, ...this.#texts];
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
