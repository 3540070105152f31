/** Holds that are taken by one script. */
import type { Claim, Reservation } from '@gatewright/core';
import type { CounterNames } from './counter-names.ts';
import { amountText, windowText } from './encode.ts';
import type { Batch } from './gathering.ts';
import type { EpochKeys } from './keys.ts';
import { ReplyReader, type Grants } from './reply-reader.ts';
import type { Reply } from './script.ts';

/** A hold that is asked for. */
export interface AskedHold {
  readonly id: string;
  readonly claims: readonly Claim[];
  readonly memo: string;
  readonly provisional: boolean;
}

/** What became of it. */
export type HoldAnswer =
  | ({ readonly status: 'OK' | 'AGAIN' } & Grants)
  | { readonly status: 'NO' | 'WAIT'; readonly refusal: Reservation }
  | { readonly status: 'SETTLED' }
  /** None of the claim's periods is the state's. */
  | { readonly status: 'PERIOD'; readonly claim: Claim; readonly now: number }
  /** The store must be asked for these budgets. */
  | { readonly status: 'UNKNOWN'; readonly claims: readonly Claim[] };

export class ReserveBatch implements Batch<AskedHold, HoldAnswer> {
  readonly epoch: EpochKeys;
  readonly #names: CounterNames;
  readonly #owner: string;
  /** Whether budgets must be known. */
  readonly #known: boolean;
  readonly #holds = new Map<string, AskedHold>();
  readonly #windows: string[] = [];
  /** The counters by their keys: their numbers, and the windows that they have in this batch. */
  readonly #counters = new Map<string, number>();
  readonly #windowOf: number[] = [];
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

  take(asked: AskedHold): boolean {
    const { id, claims, memo, provisional } = asked;
    if (this.#holds.has(id)) return false;
    let [row, amounts, packed] = ['', '', ''];
    for (const claim of claims) {
      const name = this.#names.of(claim);
      const counter = this.#counterOf(claim, this.#names.keyOf(name, claim.scope, this.epoch));
      if (counter === 0) return false;
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
    this.#holds.set(id, asked);
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
    const reader = new ReplyReader(reply);
    const answers: HoldAnswer[] = [];
    for (const { claims } of this.#holds.values()) answers.push(answerFor(claims, reader));
    return answers;
  }

  /** The counter's number in this batch, counted from one; 0 where it is in it with another window. */
  #counterOf({ kind, window }: Claim, key: string): number {
    const text = windowText(kind, window, this.#known);
    let at = this.#windows.indexOf(text) + 1;
    if (at === 0) at = this.#windows.push(text);
    const before = this.#counters.get(key);
    if (before !== undefined) return this.#windowOf[before - 1] === at ? before : 0;
    this.#counters.set(key, this.#counters.size + 1);
    return this.#windowOf.push(at);
  }
}

function answerFor(claims: readonly Claim[], reader: ReplyReader): HoldAnswer {
  const status = reader.next();
  switch (status) {
    case 'OK':
    case 'AGAIN':
      return { status, ...reader.grants(claims) };
    case 'NO':
    case 'WAIT':
      return { status, refusal: reader.refusal(claims, (index) => claims[index]?.amount ?? 0n) };
    case 'SETTLED':
      return { status };
    case 'PERIOD':
      return { status, claim: claims[Number(reader.next()) - 1] as Claim, now: reader.now };
    default: {
      const unknown: Claim[] = [];
      for (let left = Number(reader.next()); left > 0; left--) unknown.push(claims[Number(reader.next()) - 1] as Claim);
      return { status: 'UNKNOWN', claims: unknown };
    }
  }
}
