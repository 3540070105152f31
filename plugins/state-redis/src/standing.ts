/** How a counter stands: what scripts answer of it, as balances and refusals. */
import type { Balance, Claim, ClaimWindow, Counter, Grant, Reservation } from '@gatewright/core';
import { slidingEnd, slidingWait, type Buckets } from '@gatewright/state-memory';
import type { Reply } from './script.ts';

/** What is spent and reserved in the part of its window that runs. */
export interface Standing {
  readonly spent: bigint;
  readonly reserved: bigint;
  /** Of sliding windows. */
  readonly buckets: Buckets | undefined;
}

const NOTHING: Standing = { spent: 0n, reserved: 0n, buckets: undefined };

/** `now` is the state's time. */
export function balanceOf(
  window: ClaimWindow,
  part: string,
  { spent, reserved, buckets }: Standing,
  now: number,
  limit?: bigint,
): Balance {
  const balance: { -readonly [K in keyof Balance]: Balance[K] } = { spent, reserved };
  if (limit !== undefined) balance.limit = limit;
  const resetsAt = resetOf(window, part, buckets, now);
  if (resetsAt !== undefined) balance.resetsAt = resetsAt;
  return balance;
}

function resetOf(window: ClaimWindow, part: string, buckets: Buckets | undefined, now: number): number | undefined {
  if (window.kind === 'sliding') return buckets === undefined ? undefined : slidingEnd(buckets, now, window.length);
  if (window.kind === 'periods') for (const { id, end } of window.periods) if (id === part) return end;
  return undefined;
}

/** The refusal of an amount on a counter that stands so. */
export function refusalOf(refused: Claim, amount: bigint, part: string, standing: Standing, now: number): Reservation {
  const balance = balanceOf(refused.window, part, standing, now, refused.limit);
  const retryAfter = waitFor(refused, amount, balance, standing.buckets, now);
  return { ok: false, refused, balance, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

function waitFor(
  { window, limit }: Claim,
  amount: bigint,
  { resetsAt }: Balance,
  buckets: Buckets | undefined,
  now: number,
): number | undefined {
  if (limit === undefined || amount > limit) return undefined;
  if (window.kind === 'sliding' && buckets !== undefined) {
    return slidingWait(buckets, { length: window.length, now }, amount, limit);
  }
  return resetsAt === undefined ? undefined : resetsAt - now;
}

/** Reads a reply that tells part after part of counters, from left to right. */
export class StandingReader {
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

  /** The part and how the counter stands in it; undefined where the state does not know it. */
  standing({ window }: Counter): { readonly part: string; readonly standing: Standing } | undefined {
    const part = `${this.next()}`;
    const [spent, reserved] = [this.next(), this.next()];
    const buckets =
      window.kind === 'sliding' ? { running: BigInt(this.next()), previous: BigInt(this.next()) } : undefined;
    if (spent === '') return undefined;
    return { part, standing: { spent: BigInt(spent), reserved: BigInt(reserved), buckets } };
  }

  /** The counter's balance. */
  balance(counter: Counter, limit?: bigint): Balance | undefined {
    const read = this.standing(counter);
    return read === undefined ? undefined : balanceOf(counter.window, read.part, read.standing, this.now, limit);
  }

  /** What a hold is granted, one for each of its claims. */
  grants(claims: readonly Claim[]): Grant[] {
    return claims.map((claim): Grant => {
      const { part = '', standing = NOTHING } = this.standing(claim) ?? {};
      const period = claim.window.kind === 'periods' ? part : '';
      return { period, balance: balanceOf(claim.window, part, standing, this.now, claim.limit) };
    });
  }

  /** A refusal: the claim's number, counted from one, and how its counter stands. */
  refusal(claims: readonly Claim[], amounts: readonly bigint[]): Reservation {
    const index = Number(this.next()) - 1;
    const refused = claims[index] as Claim;
    const read = this.standing(refused);
    if (read === undefined) return { ok: false, refused };
    return refusalOf(refused, amounts[index] ?? 0n, read.part, read.standing, this.now);
  }
}
