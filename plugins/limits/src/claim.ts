/** Writes the claim of a limit for an attempt. */
import type { Claim } from '@gatewright/core';
import { actualOf, amountOf, countsOutput, grownTo, type Estimate, type Unit } from './counted.ts';

/** What claims of one limit have in common. */
export type Terms = Pick<Claim, 'scope' | 'window' | 'label' | 'outage' | 'seen'> & {
  readonly unit: Unit;
  readonly limit: bigint;
};

/**
 * `size`: of a limit on tokens. `short`: what happens where a guess was too low. Every claim is written with the same fields in
 * the same order, as the engine likes it.
 */
export function claimOf(
  { scope, unit, window, limit, outage, label, seen }: Terms,
  size: Estimate | undefined,
  short: Claim['whenShort'],
): Claim {
  const guess = size?.guessed === true && countsOutput(unit) ? size : undefined;
  return {
    scope,
    unit,
    window,
    kind: 'limit',
    amount: size === undefined ? 1n : amountOf(unit, size),
    limit,
    actual: size === undefined ? undefined : actualOf(unit, size),
    outage,
    label,
    amountFor: guess === undefined ? undefined : (more) => grownTo(unit, guess, more),
    whenShort: guess === undefined ? undefined : short,
    seen,
  };
}
