/** Holds of this process that are ended by one script. */
import type { Posting } from '@gatewright/core';
import type { CounterNames } from './counter-names.ts';
import { amountText } from './encode.ts';
import type { Batch } from './gathering.ts';
import type { EpochKeys } from './keys.ts';
import type { OwnHold } from './own-holds.ts';
import type { Reply } from './script.ts';

/** A hold that is to be ended, and what each of its claims is billed. */
export interface AskedEnd {
  readonly hold: OwnHold;
  readonly actual: readonly bigint[];
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
  #rows = '';
  #long = false;

  constructor(epoch: EpochKeys, names: CounterNames, owner: string, remember: number) {
    this.epoch = epoch;
    this.#names = names;
    this.#owner = owner;
    this.#remember = remember;
  }

  get size(): number {
    return this.#ids.size;
  }

  take({ hold, actual }: AskedEnd): boolean {
    if (this.#ids.has(hold.id)) return false;
    let row = '';
    for (const [index, claim] of hold.claims.entries()) {
      const key = this.#names.keyOf(this.#names.of(claim), claim.scope, this.epoch);
      let counter = this.#counters.get(key);
      if (counter === undefined) {
        counter = this.#onlyHeld.push(claim.window.kind === 'held' ? 1 : 0);
        this.#counters.set(key, counter);
      }
      const used = amountText(actual[index] ?? 0n);
      if (used.startsWith('"')) this.#long = true;
      row += `${row === '' ? '' : ','}${counter},${used}`;
    }
    this.#rows += `${this.size === 0 ? '' : ','}[${row}]`;
    this.#ids.add(hold.id);
    return true;
  }

  get keys(): readonly string[] {
    const keys = [this.epoch.holdsOf(this.#owner), this.epoch.owners];
    for (const id of this.#ids) keys.push(this.epoch.hold(id));
    for (const key of this.#counters.keys()) keys.push(key);
    return keys;
  }

  get values(): readonly string[] {
    const asked = `[[${this.#onlyHeld.join(',')}],[${this.#rows}]]`;
    return [this.#owner, `${this.#remember}`, this.#long ? '1' : '0', asked, ...this.#ids];
  }

  read(reply: Reply): readonly EndAnswer[] {
    return Array.from(`${reply[3]}`, (digit) => ANSWERS[Number(digit)] ?? 'gone');
  }
}

/** What a bill says of each claim of a hold; undefined where it has something for another counter too. */
export function actualsOf({ claims }: OwnHold, postings: readonly Posting[]): readonly bigint[] | undefined {
  const actual = claims.map(() => 0n);
  for (const [place, posting] of postings.entries()) {
    // Bills are written from the claims, and in their order.
    const index = isOn(claims[place], posting) ? place : claims.findIndex((claim) => isOn(claim, posting));
    if (index >= 0) actual[index] = (actual[index] ?? 0n) + posting.actual;
    else if (posting.actual !== 0n) return undefined;
  }
  return actual;
}

function isOn(claim: OwnHold['claims'][number] | undefined, { scope, unit, window, name }: Posting): boolean {
  return claim?.scope === scope && claim.unit === unit && claim.window.name === name && claim.window.kind === window;
}
