/** Claims, holds and bills for the tests of states. */
import assert from 'node:assert/strict';
import type { Balance, Claim, ClaimWindow, Grant, HoldRequest, Period, Posting } from '@gatewright/core';
import type { Reservation, State } from '@gatewright/core';

/** When the tests begin: the start of a minute, an hour and a day, so far ahead that no real clock has passed it. */
export const START = Date.UTC(2100, 0, 1);

/** All of time. */
export const TOTAL: ClaimWindow = { kind: 'total', name: 'total' };
/** The last minute. */
export const MINUTE: ClaimWindow = { kind: 'sliding', name: '1m', length: 60_000 };
/** What is under way. */
export const HELD: ClaimWindow = { kind: 'held', name: 'concurrent' };

/** One day before, at and after a moment, in UTC. */
export function days(around: number): ClaimWindow {
  const day = 86_400_000;
  const today = Math.floor(around / day) * day;
  const period = (start: number): Period => {
    return { id: new Date(start).toISOString().slice(0, 10), start, end: start + day };
  };
  return { kind: 'periods', name: '1d', periods: [today - day, today, today + day].map(period) };
}

/** A budget claim on a scope; the fields given replace those of the default: 10 of 100, over all of time. */
export function budget(scope: string, more: Partial<Claim> = {}): Claim {
  return { scope, unit: 'nanos', window: TOTAL, kind: 'budget', amount: 10n, limit: 100n, ...more };
}

/** A limit claim: one of ten requests of the last minute. */
export function limit(scope: string, more: Partial<Claim> = {}): Claim {
  return { scope, unit: 'requests', window: MINUTE, kind: 'limit', amount: 1n, limit: 10n, ...more };
}

export function hold(id: string, ...claims: readonly Claim[]): HoldRequest {
  return { id, claims, memo: () => `{"memo":"${id}"}` };
}

/** A reservation that must be granted. */
export async function granted(answer: Promise<Reservation>): Promise<readonly Grant[]> {
  const reservation = await answer;
  assert.equal(reservation.ok, true, 'it should have been granted');
  return reservation.ok ? reservation.grants : [];
}

/** A reservation that must be refused. */
export async function refused(answer: Promise<Reservation>): Promise<Extract<Reservation, { ok: false }>> {
  const reservation = await answer;
  assert.equal(reservation.ok, false, 'it should have been refused');
  return reservation;
}

/** The bill of a hold: what each claim really used. */
export function bill(claims: readonly Claim[], grants: readonly Grant[], ...actual: readonly bigint[]): Posting[] {
  return claims.map(({ scope, unit, window, kind, amount }, index) => {
    const period = grants[index]?.period ?? '';
    const used = actual[index] ?? 0n;
    return { scope, unit, window: window.kind, name: window.name, period, kind, held: amount, actual: used };
  });
}

/** Spent and reserved of each claim's counter; undefined where the state does not know it. */
export async function standing(
  state: State,
  ...claims: readonly Claim[]
): Promise<(readonly [bigint, bigint] | undefined)[]> {
  const balances: readonly (Balance | undefined)[] = await state.balances(claims);
  return balances.map((balance) => (balance === undefined ? undefined : [balance.spent, balance.reserved]));
}
