/** Holds of this process that are ended by one script. */
import type { Claim, Posting } from '@gatewright/core';
import { AmountTexts } from './amount-texts.ts';
import type { CounterNames } from './counter-names.ts';
import type { Batch } from './gathering.ts';
import type { EpochKeys } from './keys.ts';
import type { OwnHold } from './own-holds.ts';
import type { Reply } from './script.ts';

/** A hold that is to be ended, and what each of its claims is billed, in their order. */
export interface AskedEnd {
  readonly hold: OwnHold;
  readonly bill: readonly { readonly actual: bigint }[];
}

/** `gone`: it is not there as this process knows it. */
export type EndAnswer = 'gone' | 'settled' | 'late';

const ANSWERS: readonly EndAnswer[] = ['gone', 'settled', 'late'];

export class SettleBatch implements Batch<AskedEnd, EndAnswer> {
  readonly epoch: EpochKeys;
  readonly #names: CounterNames;
  readonly #owner: string;
  /** Milliseconds for which a settled hold is remembered. */
  readonly #remember: number;
  readonly #ids = new Set<string>();
  /** The counters by their keys, and their numbers. */
  readonly #counters = new Map<string, number>();
  readonly #onlyHeld: number[] = [];
  readonly #amounts = new AmountTexts();
  /** Of each hold the counters of its claims, and what was used. */
  readonly #bills: string[] = [];

  constructor(epoch: EpochKeys, names: CounterNames, owner: string, remember: number) {
    this.epoch = epoch;
    this.#names = names;
    this.#owner = owner;
    this.#remember = remember;
  }

  get size(): number {
    return this.#ids.size;
  }

  take({ hold: { id, claims }, bill }: AskedEnd): boolean {
    if (this.#ids.has(id)) return false;
    let counters = '';
    for (const claim of claims) counters += counters === '' ? this.#counterOf(claim) : `,${this.#counterOf(claim)}`;
    this.#bills.push(
      `[${counters}]`,
      this.#amounts.list(bill, ({ actual }) => actual),
    );
    this.#ids.add(id);
    return true;
  }

  get keys(): readonly string[] {
    const keys = [this.epoch.holdsOf(this.#owner), this.epoch.owners];
    for (const id of this.#ids) keys.push(this.epoch.hold(id));
    for (const key of this.#counters.keys()) keys.push(key);
    return keys;
  }

  get values(): readonly string[] {
    const asked = [this.#onlyHeld, this.#bills].map((list) => `[${list.join(',')}]`);
    const long = this.#amounts.long ? '1' : '0';
    return [this.#owner, `${this.#remember}`, long, `${this.epoch.beforeId}`, `[${asked.join(',')}]`];
  }

  read(reply: Reply): readonly EndAnswer[] {
    return Array.from(`${reply[3]}`, (digit) => ANSWERS[Number(digit)] ?? 'gone');
  }

  /** The counter's number in this batch, counted from one. */
  #counterOf(claim: Claim): number {
    const key = this.#names.keyOf(this.#names.of(claim), claim.scope, this.epoch);
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      counter = this.#onlyHeld.push(claim.window.kind === 'held' ? 1 : 0);
      this.#counters.set(key, counter);
    }
    return counter;
  }
}

/** What each claim of a hold is billed, in their order; undefined where the bill has something for another counter too. */
export function billOn({ claims }: OwnHold, postings: readonly Posting[]): AskedEnd['bill'] | undefined {
  // Bills are written from the claims.
  if (isInOrder(claims, postings)) return postings;
  const bill = claims.map(() => ({ actual: 0n }));
  for (const posting of postings) {
    const line = bill[claims.findIndex((claim) => isOn(claim, posting))];
    if (line !== undefined) line.actual += posting.actual;
    else if (posting.actual !== 0n) return undefined;
  }
  return bill;
}

function isInOrder(claims: readonly Claim[], postings: readonly Posting[]): boolean {
  if (postings.length !== claims.length) return false;
  for (let index = 0; index < claims.length; index++) {
    if (!isOn(claims[index] as Claim, postings[index] as Posting)) return false;
  }
  return true;
}

function isOn(claim: Claim, { scope, unit, window, name }: Posting): boolean {
  return claim.scope === scope && claim.unit === unit && claim.window.name === name && claim.window.kind === window;
}
