/** What became of the holds that one script was asked for. */
import type { Claim, Grant, Reservation } from '@gatewright/core';
import type { Reply } from './script.ts';
import { CountedGrant } from './counted-grant.ts';
import { refusalOf, type Standing } from './standing.ts';

/** What became of a hold. */
export type HoldAnswer =
  /** `parts`: the part of each claim's window that it is held in. */
  | { readonly status: 'OK' | 'AGAIN'; readonly grants: readonly Grant[]; readonly parts: readonly string[] }
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

/** A counter, and how it stands with what the holds so far have taken. */
interface Tally {
  readonly part: string;
  standing: Standing;
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
      return { part, standing: { spent, reserved, buckets } };
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
        return this.#granted('OK', hold, this.#partsOf(counters));
      case 'A':
        return this.#granted('AGAIN', hold, Object.values(JSON.parse(this.#next()) as string[]));
      case 'N':
      case 'W': {
        const index = Number(this.#next()) - 1;
        const refused = claims[index] as Claim;
        const tally = this.#tallyOf(counters[index]);
        const refusal = refusalOf(refused, refused.amount, tally.part, tally.standing, this.#now);
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

  /** What was held again is in what the counters had. `parts`: those that it is held in. */
  #granted(status: 'OK' | 'AGAIN', { claims, counters }: CountedHold, parts: readonly string[]): HoldAnswer {
    const grants: Grant[] = [];
    for (let index = 0; index < claims.length; index++) {
      const { window, amount, limit } = claims[index] as Claim;
      const tally = this.#tallyOf(counters[index]);
      if (status === 'OK') tally.standing = withMore(tally.standing, amount);
      grants.push(new CountedGrant(window, limit, parts[index] ?? tally.part, tally.standing, this.#now));
    }
    return { status, grants, parts };
  }

  /** The parts that run now. */
  #partsOf(counters: readonly number[]): readonly string[] {
    const parts: string[] = [];
    for (const counter of counters) parts.push(this.#tallyOf(counter).part);
    return parts;
  }

  #tallyOf(counter = 0): Tally {
    return this.#tallies[counter - 1] as Tally;
  }

  #next(): string {
    return `${this.#reply[this.#more++]}`;
  }
}

function withMore({ spent, reserved, buckets }: Standing, amount: bigint): Standing {
  const more = buckets && { running: buckets.running + amount, previous: buckets.previous };
  return { spent, reserved: reserved + amount, buckets: more };
}
