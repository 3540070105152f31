/** A bill as the settle script takes it: first the counters of the hold, in its order, then others. */
import type { Claim, ClaimWindow, Posting } from '@gatewright/core';
import { counterKey } from '@gatewright/state-memory';
import { kindOf, type PackedClaim } from './encode.ts';
import type { EpochKeys } from './keys.ts';
import type { OwnHold } from './own-holds.ts';

/** Whose a hold is, and what its claims are. */
export interface HoldShape {
  readonly owner: string;
  readonly claims: readonly PackedClaim[];
}

/** The shape of a hold of this process. */
export function shapeOf(hold: OwnHold | undefined, owner: string): HoldShape {
  const claims = hold?.claims.map(({ scope, unit, window, kind }): PackedClaim => [
    scope,
    unit,
    window.kind,
    window.name,
    kind,
  ]);
  return { owner, claims: claims ?? [] };
}

interface Line {
  readonly scope: string;
  readonly unit: string;
  readonly window: ClaimWindow['kind'];
  readonly name: string;
  readonly kind: Claim['kind'];
  /** Where it is posted if the hold is gone. */
  period: string;
  actual: bigint;
}

/** Keys and values of the settle script, behind those that say which hold it is. `known`: budgets come from the store. */
export function billOf(
  postings: readonly Posting[],
  { claims }: HoldShape,
  keys: EpochKeys,
  known: boolean,
): { readonly keys: string[]; readonly values: string[] } {
  const own = new Map<string, Line>();
  for (const [scope, unit, window, name, kind] of claims) {
    own.set(counterKey(scope, unit, window, name), { scope, unit, window, name, kind, period: '', actual: 0n });
  }
  const others: Line[] = [];
  for (const { scope, unit, window, name, kind, period, actual } of postings) {
    const line = own.get(counterKey(scope, unit, window, name));
    if (line !== undefined) {
      line.actual += actual;
      line.period = period;
    } else if (actual !== 0n) others.push({ scope, unit, window, name, kind, period, actual });
  }
  const lines = [...own.values(), ...others];
  return {
    keys: lines.map(({ scope, unit, window, name }) => keys.counter(scope, unit, window, name)),
    values: lines.flatMap(({ kind, window, actual, period }) => [`${actual}`, kindOf(kind, window, known), period]),
  };
}
