/** Holds that are taken by one script. */
import type { Claim, ClaimWindow } from '@gatewright/core';
import { AmountTexts } from './amount-texts.ts';
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

/** A counter as claims see it: in which window, and with which limit. */
interface View {
  readonly window: ClaimWindow;
  readonly kind: Claim['kind'];
  readonly limit: bigint | undefined;
  /** Which view of this batch it is, and which counter, each counted from one. */
  readonly number: number;
  readonly counter: number;
}

export class ReserveBatch implements Batch<AskedHold, HoldAnswer> {
  readonly epoch: EpochKeys;
  readonly #names: CounterNames;
  readonly #owner: string;
  /** Whether budgets must be known. */
  readonly #known: boolean;
  readonly #holds = new Map<string, CountedHold>();
  readonly #windows: string[] = [];
  /** The counters by their keys, each with its last view. */
  readonly #counters = new Map<string, View>();
  /** Of each counter the window that it has in this batch, counted from one. */
  readonly #windowOf: number[] = [];
  readonly #sliding: boolean[] = [];
  /** Of each view its counter and its limit as JSON, and what is kept of claims on it. */
  readonly #views: (number | string)[] = [];
  readonly #packed: string[] = [];
  readonly #amounts = new AmountTexts();
  /** Of each hold its mark; its views, its amounts, and its memo. */
  #marks = '';
  readonly #texts: string[] = [];

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
    let views = '';
    for (const claim of claims) {
      const view = this.#viewOf(claim);
      if (view === undefined) return false;
      counters.push(view.counter);
      views += views === '' ? view.number : `,${view.number}`;
    }
    this.#marks += provisional ? 'P' : 'H';
    this.#texts.push(`[${views}]\n${this.#amounts.list(claims, ({ amount }) => amount)}\n${memo}`);
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
    const asked = [this.#windows, this.#windowOf, this.#views].map((list) => `[${list.join(',')}]`);
    const long = this.#amounts.long ? '1' : '0';
    const all = [
      this.#owner,
      long,
      `${this.epoch.beforeId}`,
      this.#marks,
      `[${asked.join(',')}]`,
      this.#packed.join('\n'),
    ];
    return all.concat(this.#texts);
  }

  read(reply: Reply): readonly HoldAnswer[] {
    const answers = new ReserveAnswers(reply, this.#windows.length, this.#windowOf, this.#sliding);
    return answers.read(this.#holds.values());
  }

  /** Undefined where the counter is in this batch with another window. */
  #viewOf(claim: Claim): View | undefined {
    const { kind, window, limit } = claim;
    const name = this.#names.of(claim);
    const key = this.#names.keyOf(name, claim.scope, this.epoch);
    const last = this.#counters.get(key);
    // Windows stay the same objects from one hold to the next.
    if (last?.window === window && last.limit === limit && last.kind === kind) return last;
    const counter = last?.counter ?? this.#windowOf.length + 1;
    const text = windowText(kind, window, this.#known);
    let at = this.#windows.indexOf(text) + 1;
    if (at === 0) at = this.#windows.push(text);
    if (last === undefined) {
      this.#windowOf.push(at);
      this.#sliding.push(window.kind === 'sliding');
    } else if (this.#windowOf[counter - 1] !== at) return undefined;
    this.#names.note(claim, name);
    this.#views.push(counter, limit === undefined ? '""' : amountText(limit));
    const view = { window, kind, limit, number: this.#packed.push(name.packed[kind]), counter };
    this.#counters.set(key, view);
    return view;
  }
}
