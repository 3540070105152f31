/** The arithmetic of claims: those on one counter become one, and at the end each becomes a posting. */
import type { AttemptOutcome } from '../../attempt.ts';
import { isSameCounter } from '../../counter.ts';
import type { Logger } from '../../logger.ts';
import type { Claim, Grant, Posting } from '../../state.ts';

/** What was reserved for an attempt: the claims, and what was granted for each. */
export interface Reserved {
  readonly claims: readonly Claim[];
  readonly grants: readonly Grant[];
  /** Output tokens of all candidates that the amounts reckon with, where that is a guess. */
  readonly expected?: number | undefined;
}

/** Two meters may watch the same counter: it is held once, for the larger amount, within the lower limit. */
export function mergeClaims(claims: readonly Claim[]): readonly Claim[] {
  if (!anyOnOneCounter(claims)) return claims;
  const merged = new Map<string, Claim>();
  for (const claim of claims) {
    const { scope, unit, window } = claim;
    const key = `${scope}\n${unit}\n${window.kind}\n${window.name}`;
    const other = merged.get(key);
    merged.set(key, other === undefined ? claim : stricter(other, claim));
  }
  return [...merged.values()];
}

/** Nearly always there are none, and a few comparisons cost less than names for a map. */
function anyOnOneCounter(claims: readonly Claim[]): boolean {
  for (let index = 1; index < claims.length; index++) {
    const claim = claims[index] as Claim;
    for (let before = 0; before < index; before++) if (isSameCounter(claim, claims[before] as Claim)) return true;
  }
  return false;
}

function stricter(a: Claim, b: Claim): Claim {
  const amount = a.amount > b.amount ? a.amount : b.amount;
  const tighter = b.limit !== undefined && (a.limit === undefined || b.limit < a.limit) ? b : a;
  const amountFor = a.amountFor === undefined && b.amountFor === undefined ? undefined : larger(a, b);
  const grows = amountFor === undefined ? {} : { amountFor };
  const both = a.seen === undefined || b.seen === undefined ? (a.seen ?? b.seen) : inTurn(a.seen, b.seen);
  return both === undefined ? { ...tighter, amount, ...grows } : { ...tighter, amount, ...grows, seen: both };
}

const amountOf = (claim: Claim, output: number): bigint => claim.amountFor?.(output) ?? claim.amount;

function larger(a: Claim, b: Claim): (output: number) => bigint {
  return (output) => {
    const [first, second] = [amountOf(a, output), amountOf(b, output)];
    return first > second ? first : second;
  };
}

const inTurn =
  (first: NonNullable<Claim['seen']>, second: NonNullable<Claim['seen']>): NonNullable<Claim['seen']> =>
  (balance, exchange) => {
    first(balance, exchange);
    second(balance, exchange);
  };

/** What each claim is billed. A claim whose `actual` fails is billed as it was held: too much is mended, too little is lost. */
export function postings(reserved: Reserved, outcome: AttemptOutcome, logger: Logger): Posting[] {
  return reserved.claims.map((claim, index) => posting(reserved, index, actualOf(claim, outcome, logger)));
}

/** The bill of an attempt that never called its target. */
export function unused(reserved: Reserved): Posting[] {
  return reserved.claims.map((_claim, index) => posting(reserved, index, 0n));
}

function posting({ claims, grants }: Reserved, index: number, actual: bigint): Posting {
  const { scope, unit, window, kind, amount } = claims[index] as Claim;
  const { period } = grants[index] as Grant;
  return { scope, unit, window: window.kind, name: window.name, period, kind, held: amount, actual };
}

function actualOf(claim: Claim, outcome: AttemptOutcome, logger: Logger): bigint {
  if (claim.window.kind === 'held') return 0n;
  if (claim.actual === undefined) return claim.amount;
  try {
    return claim.actual(outcome);
  } catch (error) {
    logger.error('A claim could not tell what was used; it is billed as it was held.', { scope: claim.scope, error });
    return claim.amount;
  }
}
