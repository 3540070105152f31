/** Claims, grants and postings as the strings that scripts take and give. */
import type { Balance, Claim, ClaimWindow, Counter, Grant, Posting, Reservation } from '@gatewright/core';
import { slidingEnd, slidingWait } from '@gatewright/state-memory';

const LETTERS: Readonly<Record<ClaimWindow['kind'], string>> = { periods: 'P', sliding: 'S', total: 'T', held: 'H' };

/** The window's letter; with `!`, the counter must be known. */
export function kindOf(kind: Claim['kind'], window: ClaimWindow['kind'], known: boolean): string {
  return LETTERS[window] + (known && kind === 'budget' && window !== 'held' ? '!' : '');
}

/** What a script needs to know of a window. `now` is a guess, which puts the likeliest period first. */
export function dataOf(window: ClaimWindow, now: number): string {
  if (window.kind === 'sliding') return `${window.length}`;
  if (window.kind !== 'periods') return '';
  let text = '';
  for (const { id, start, end } of window.periods) {
    const line = `${start} ${end} ${id}\n`;
    text = start <= now && now < end ? line + text : text + line;
  }
  return text;
}

/** Reads a script's reply from left to right. */
export class ReplyReader {
  readonly #reply: readonly string[];
  #at: number;
  /** The state's time, Unix milliseconds. */
  readonly now: number;

  /** The first three are the status, the sequence and the time. */
  constructor(reply: readonly string[]) {
    this.#reply = reply;
    this.#at = 3;
    this.now = Number(reply[2]);
  }

  next(): string {
    return this.#reply[this.#at++] ?? '';
  }

  /** How a counter stands, with `more` added to what is reserved; undefined where the state does not know it. */
  standing({ window }: Counter, limit: bigint | undefined, more: bigint): Standing | undefined {
    const [part, spent, reserved] = [this.next(), this.next(), this.next()];
    const sliding =
      window.kind === 'sliding' ? { running: int(this.next()) + more, previous: int(this.next()) } : undefined;
    if (spent === '') return undefined;
    const balance: Balance = {
      spent: int(spent),
      reserved: int(reserved) + more,
      ...(limit === undefined ? {} : { limit }),
    };
    const resetsAt = this.#resetsAt(window, part, sliding);
    return { part, buckets: sliding, balance: resetsAt === undefined ? balance : { ...balance, resetsAt } };
  }

  #resetsAt(window: ClaimWindow, part: string, buckets: Standing['buckets']): number | undefined {
    if (window.kind === 'periods') return window.periods.find(({ id }) => id === part)?.end;
    if (window.kind !== 'sliding' || buckets === undefined) return undefined;
    return slidingEnd(buckets, this.now, window.length);
  }
}

export interface Standing {
  readonly part: string;
  readonly balance: Balance;
  readonly buckets: { readonly running: bigint; readonly previous: bigint } | undefined;
}

const int = (text: string): bigint => (text === '' ? 0n : BigInt(text));

/** The grants of a reply, one for each claim, with the amounts added; and the part in which each is held. */
export function readGrants(
  reply: readonly string[],
  claims: readonly Claim[],
  amounts: readonly bigint[],
): { readonly grants: readonly Grant[]; readonly parts: readonly string[] } {
  const reader = new ReplyReader(reply);
  const parts: string[] = [];
  const grants = claims.map((claim, index): Grant => {
    const standing = reader.standing(claim, claim.limit, amounts[index] ?? 0n);
    const part = standing?.part ?? '';
    parts.push(part);
    return {
      period: claim.window.kind === 'periods' ? part : '',
      balance: standing?.balance ?? { spent: 0n, reserved: 0n },
    };
  });
  return { grants, parts };
}

/** The refusal that a reply tells: the claim's number, counted from one, and how its counter stands. */
export function readRefusal(
  reply: readonly string[],
  claims: readonly Claim[],
  amounts: readonly bigint[],
): Reservation {
  const reader = new ReplyReader(reply);
  const index = Number(reader.next()) - 1;
  const refused = claims[index] as Claim;
  const standing = reader.standing(refused, refused.limit, 0n);
  const wait = standing === undefined ? undefined : waitFor(refused, amounts[index] ?? 0n, standing, reader.now);
  return {
    ok: false,
    refused,
    ...(standing === undefined ? {} : { balance: standing.balance }),
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
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

/** What whoever reclaims a hold needs to know of its claims; it is kept with the hold. */
export function packClaims(claims: readonly Claim[]): string {
  return JSON.stringify(claims.map(({ scope, unit, window, kind }) => [scope, unit, window.kind, window.name, kind]));
}

export type PackedClaim = readonly [
  scope: string,
  unit: string,
  window: ClaimWindow['kind'],
  name: string,
  kind: Claim['kind'],
];

/** The postings of a hold as it was taken, from what is kept with it. */
export function unpackPostings(packed: string, parts: string, amounts: string): Posting[] {
  const periods = parts.split('\t');
  const held = amounts.split(' ');
  return (JSON.parse(packed) as PackedClaim[]).map(([scope, unit, window, name, kind], index) => {
    const period = window === 'periods' ? (periods[index] ?? '') : '';
    return { scope, unit, window, name, period, kind, held: int(held[index] ?? ''), actual: 0n };
  });
}

/** The bucket or period end that a hold needs to be taken again. */
export function spanOf(window: ClaimWindow, part: string): string {
  if (window.kind === 'sliding') return `${window.length}`;
  if (window.kind !== 'periods') return '';
  return `${window.periods.find(({ id }) => id === part)?.end ?? 0}`;
}
