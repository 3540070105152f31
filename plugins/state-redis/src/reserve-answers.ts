/** What became of the holds that one script was asked for. */
import type { Claim, Grant, Reservation } from '@gatewright/core';
import type { Reply } from './script.ts';
import { balanceOf, refusalOf, type Grants } from './standing.ts';

/** What became of a hold. */
export type HoldAnswer =
  | ({ readonly status: 'OK' | 'AGAIN' } & Grants)
  | { readonly status: 'NO' | 'WAIT'; readonly refusal: Reservation }
  | { readonly status: 'SETTLED' }
  /** None of the claim's periods is the state's. */
  | { readonly status: 'PERIOD'; readonly claim: Claim; readonly now: number }
  /** The store must be asked for these budgets. */
  | { readonly status: 'UNKNOWN'; readonly claims: readonly Claim[] };

/** A hold of the script: its claims, and the counter that each is on, counted from one. */
export interface CountedHold {
  readonly claims: readonly Claim[];
  readonly counters: readonly number[];
}

/** A counter, with what the holds so far have taken. */
interface Tally {
  readonly part: string;
  readonly spent: bigint;
  reserved: bigint;
  readonly buckets: { running: bigint; readonly previous: bigint } | undefined;
}

const int = (value: string | number | null | undefined): bigint => BigInt(value ?? 0);

export class ReserveAnswers {
  readonly #reply: Reply;
  readonly #now: number;
  readonly #tallies: readonly Tally[];
  /** Where the next hold that has more to tell does so. */
  #more: number;

  /** `sliding` says of each counter's window whether it is one; `windowOf` which of the script's windows it has, from one. */
  constructor(reply: Reply, windows: number, windowOf: readonly number[], sliding: readonly boolean[]) {
    this.#reply = reply;
    this.#now = Number(reply[2]);
    let at = 4 + windows;
    this.#tallies = windowOf.map((window, counter): Tally => {
      const [part, spent, reserved] = [`${reply[3 + window]}`, int(reply[at]), int(reply[at + 1])];
      const slides = sliding[counter] === true;
      const buckets = slides ? { running: int(reply[at + 2]), previous: int(reply[at + 3]) } : undefined;
      at += slides ? 4 : 2;
      return { part, spent, reserved, buckets };
    });
    this.#more = at;
  }

  /** The answers, one for each hold. They are in the order in which they were taken. */
  read(holds: Iterable<CountedHold>): readonly HoldAnswer[] {
    const letters = `${this.#reply[3]}`;
    const answers: HoldAnswer[] = [];
    for (const hold of holds) answers.push(this.#answer(letters.charAt(answers.length), hold));
    return answers;
  }

  #answer(letter: string, hold: CountedHold): HoldAnswer {
    const { claims, counters } = hold;
    switch (letter) {
      case 'O':
        return { status: 'OK', ...this.#grants(hold, undefined) };
      case 'A':
        return { status: 'AGAIN', ...this.#grants(hold, Object.values(JSON.parse(this.#next()) as string[])) };
      case 'N':
      case 'W': {
        const index = Number(this.#next()) - 1;
        const refused = claims[index] as Claim;
        const tally = this.#tallyOf(counters[index]);
        const refusal = refusalOf(refused, refused.amount, tally.part, tally, this.#now);
        return { status: letter === 'N' ? 'NO' : 'WAIT', refusal };
      }
      case 'S':
        return { status: 'SETTLED' };
      case 'P':
        return { status: 'PERIOD', claim: claims[Number(this.#next()) - 1] as Claim, now: this.#now };
      default: {
        const unknown = this.#next().split(' ');
        return { status: 'UNKNOWN', claims: unknown.map((index) => claims[Number(index) - 1] as Claim) };
      }
    }
  }

  /** `held`: the parts of a hold that was there already, and is in what the counters had. */
  #grants({ claims, counters }: CountedHold, held: readonly string[] | undefined): Grants {
    const grants: Grant[] = [];
    const parts: string[] = [];
    for (let index = 0; index < claims.length; index++) {
      const { window, amount, limit } = claims[index] as Claim;
      const tally = this.#tallyOf(counters[index]);
      if (held === undefined) {
        tally.reserved += amount;
        if (tally.buckets !== undefined) tally.buckets.running += amount;
      }
      const part = held?.[index] ?? tally.part;
      parts.push(part);
      const balance = balanceOf(window, part, tally, this.#now, limit);
      grants.push({ period: window.kind === 'periods' ? part : '', balance });
    }
    return { grants, parts };
  }

  #tallyOf(counter = 0): Tally {
    return this.#tallies[counter - 1] as Tally;
  }

  #next(): string {
    return `${this.#reply[this.#more++]}`;
  }
}
