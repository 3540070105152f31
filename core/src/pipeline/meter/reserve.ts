/** Reserves what an attempt may cost: the claims of all meters together, all or none. */
import { dollarsOf } from '../../dollars.ts';
import { GatewayError } from '../../errors.ts';
import type { MeterClaims } from '../../hooks/points.ts';
import { PerCaller } from '../../per-caller.ts';
import type { Balance, Claim, Grant, Reservation } from '../../state.ts';
import { mergeClaims } from './claims.ts';
import type { LiveAttempt } from '../attempts/live-attempt.ts';

/** What the meters ask for. */
export interface Asked {
  readonly claims: readonly Claim[];
  /** The output tokens that the least of the guesses among them is enough for. */
  readonly expected: number | undefined;
}

/** Asks the meters; throws what they throw. */
export function askMeters(attempt: LiveAttempt): Asked {
  const { exchange } = attempt;
  let claims: readonly Claim[] = [];
  let expected: number | undefined;
  for (const tap of exchange.hooks.reserve) {
    const answer = tap.runSync(exchange, attempt, exchange) as MeterClaims | undefined;
    if (answer === undefined) continue;
    claims = claims.length === 0 ? answer.claims : claims.concat(answer.claims);
    if (answer.maxOutput !== undefined) attempt.maxOutput = Math.min(attempt.maxOutput ?? Infinity, answer.maxOutput);
    if (answer.expected !== undefined) expected = Math.min(expected ?? Infinity, answer.expected);
  }
  return { claims, expected };
}

/**
 * Takes what was asked for; answers with what is to be waited for, if anything is. Throws, or rejects with,
 * `GW_BUDGET_EXCEEDED` or `GW_RATE_LIMITED` where a claim does not fit, and what the state throws.
 */
export function reserve(attempt: LiveAttempt, { claims: asked, expected }: Asked): Promise<void> | undefined {
  if (asked.length === 0) return undefined;
  const { state } = attempt.exchange.kernel;
  if (state === undefined) {
    const message = 'A meter reserves budgets or limits, and no plugin provides the service "state".';
    throw new GatewayError('GW_PLUGIN_CONTRACT', message, { hook: 'meter.reserve' });
  }
  const claims = mergeClaims(asked);
  const hold = { id: attempt.id, claims, memo: () => memoOf(attempt), fresh: true };
  const reservation = state.reserveNow?.(hold);
  if (reservation === undefined) {
    return state.reserve(hold).then((answer) => take(attempt, claims, expected, answer));
  }
  take(attempt, claims, expected, reservation);
  return undefined;
}

function take(
  attempt: LiveAttempt,
  claims: readonly Claim[],
  expected: number | undefined,
  reservation: Reservation,
): void {
  if (!reservation.ok) throw refused(reservation, attempt);
  const { grants } = reservation;
  attempt.reserved = { claims, grants, expected };
  for (let index = 0; index < claims.length; index++) {
    // How a counter stands is put together only for who wants to see it.
    claims[index]?.seen?.((grants[index] as Grant).balance, attempt.exchange);
  }
}

export type Refusal = Extract<Reservation, { ok: false }>;

/** The error of a claim that does not fit, for `what` of the client's. */
export function refused(
  { refused: claim, balance, retryAfter }: Refusal,
  attempt: LiveAttempt,
  what = 'this request',
): GatewayError {
  const details = { target: attempt.target.id, ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (balance !== undefined) claim.seen?.(balance, attempt.exchange);
  if (claim.refusal !== undefined) return claim.refusal();
  const whose = claim.label ?? claim.scope;
  const numbers = balance === undefined ? '' : ` ${describe(claim, balance, what)}`;
  if (claim.kind === 'budget') {
    const message = `The budget of ${whose} has nothing left for ${what}.${numbers}`;
    return new GatewayError('GW_BUDGET_EXCEEDED', message, details);
  }
  const wait = retryAfter === undefined ? '' : ` Try again in ${Math.ceil(retryAfter / 1000)} s.`;
  const message = `The limit of ${whose} is reached.${numbers}${wait}`;
  return new GatewayError('GW_RATE_LIMITED', message, { ...details, retryable: false });
}

/** All numbers apart: what is spent and what is only reserved. */
function describe({ unit, amount, limit, window }: Claim, { spent, reserved }: Balance, used: string): string {
  const show = (value: bigint): string => (unit === 'nanos' ? dollarsOf(value) : `${value}`);
  const what = unit === 'nanos' ? '' : ` ${unit}`;
  const of = limit === undefined ? '' : ` of ${show(limit)}${what} (${window.name})`;
  return `It has spent ${show(spent)}${of}, ${show(reserved)} more is reserved, and ${used} may use ${show(amount)}.`;
}

/** What all attempts of a caller at a target have in common, as the end of a memo. */
const memoEnds = new PerCaller<{ readonly text: string }>(({ target }, { identity, model }) => {
  const { key, user, team, organisation, endUser, tags } = identity;
  const { provider, model: upstreamModel } = target;
  const end = { model, provider, upstreamModel, key, user, team, organisation, endUser, tags };
  return { text: JSON.stringify(end).slice(1) };
});

/** What a usage row can be written from if this process dies: who asked for what, of whom. */
function memoOf(attempt: LiveAttempt): string {
  const { exchange, stream } = attempt;
  const { id, time, operation, surface } = exchange;
  // Only what a plugin has named may have to be escaped.
  const named = surface === undefined ? '' : `"surface":${JSON.stringify(surface.id)},`;
  const own = `{"exchange":"${id}","time":${time},"operation":"${operation}",${named}"stream":${stream}`;
  return `${own},"bytes":${exchange.size().bytes},${memoEnds.of(attempt, exchange).text}`;
}
