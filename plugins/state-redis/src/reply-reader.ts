/** The numbers that scripts answer, as balances, grants and refusals. */
import type { Balance, Claim, ClaimWindow, Counter, Grant, Reservation } from '@gatewright/core';
import { slidingEnd, slidingWait } from '@gatewright/state-memory';
import type { Reply } from './script.ts';

/** How a counter stands. */
export interface Standing {
  readonly part: string;
  readonly balance: Balance;
  readonly buckets: { readonly running: bigint; readonly previous: bigint } | undefined;
}

/** What was granted, and the part of each claim's window that it is held in. */
export interface Grants {
  readonly grants: readonly Grant[];
  readonly parts: readonly string[];
}

/** Reads a script's reply from left to right. */
export class ReplyReader {
  readonly #reply: Reply;
  #at = 3;
  /** The state's time, Unix milliseconds. */
  readonly now: number;

  /** The first three are the status, the sequence and the time. */
  constructor(reply: Reply) {
    this.#reply = reply;
    this.now = Number(reply[2]);
  }

  next(): string | number {
    return this.#reply[this.#at++] ?? '';
  }

  /** How a counter stands; undefined where the state does not know it. */
  standing({ window }: Counter, limit: bigint | undefined): Standing | undefined {
    const part = `${this.next()}`;
    const [spent, reserved] = [this.next(), this.next()];
    const buckets =
      window.kind === 'sliding' ? { running: BigInt(this.next()), previous: BigInt(this.next()) } : undefined;
    if (spent === '') return undefined;
    const resetsAt = this.#resetsAt(window, part, buckets);
    const balance: { -readonly [K in keyof Balance]: Balance[K] } = {
      spent: BigInt(spent),
      reserved: BigInt(reserved),
    };
    if (limit !== undefined) balance.limit = limit;
    if (resetsAt !== undefined) balance.resetsAt = resetsAt;
    return { part, buckets, balance };
  }

  /** The grants of a hold, one for each claim. */
  grants(claims: readonly Claim[]): Grants {
    const parts: string[] = [];
    const grants: Grant[] = [];
    for (const claim of claims) {
      const standing = this.standing(claim, claim.limit);
      const part = standing?.part ?? '';
      parts.push(part);
      const period = claim.window.kind === 'periods' ? part : '';
      grants.push({ period, balance: standing?.balance ?? { spent: 0n, reserved: 0n } });
    }
    return { grants, parts };
  }

  /** A refusal: the claim's number, counted from one, and how its counter stands. */
  refusal(claims: readonly Claim[], amountOf: (index: number) => bigint): Reservation {
    const index = Number(this.next()) - 1;
    const refused = claims[index] as Claim;
    const standing = this.standing(refused, refused.limit);
    const wait = standing === undefined ? undefined : waitFor(refused, amountOf(index), standing, this.now);
    return {
      ok: false,
      refused,
      ...(standing === undefined ? {} : { balance: standing.balance }),
      ...(wait === undefined ? {} : { retryAfter: wait }),
    };
  }

  #resetsAt(window: ClaimWindow, part: string, buckets: Standing['buckets']): number | undefined {
    if (window.kind === 'periods') return window.periods.find(({ id }) => id === part)?.end;
    if (window.kind !== 'sliding' || buckets === undefined) return undefined;
    return slidingEnd(buckets, this.now, window.length);
  }
}

function waitFor(
  { window, limit }: Claim,
  amount: bigint,
  { balance, buckets }: Standing,
  now: number,
): number | undefined {
  if (limit === undefined || amount > limit) return undefined;
  if (window.kind === 'sliding' && buckets !== undefined) {
    return slidingWait(buckets, { length: window.length, now }, amount, limit);
  }
  return balance.resetsAt === undefined ? undefined : balance.resetsAt - now;
}
