/** Reserves what an attempt may cost: the claims of all meters together, all or none. */
import { GatewayError } from '../errors.ts';
import type { MeterClaims } from '../hooks/points.ts';
import type { Claim, Reservation } from '../services.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** Throws `GW_BUDGET_EXCEEDED` or `GW_RATE_LIMITED` where a claim does not fit, and what a meter throws. */
export async function reserve(attempt: LiveAttempt): Promise<void> {
  const { exchange } = attempt;
  const { reserve: taps } = exchange.hooks;
  if (taps.length === 0) return;
  const claims: Claim[] = [];
  for (const tap of taps) {
    const asked = tap.runSync(exchange, attempt, exchange) as MeterClaims | undefined;
    if (asked === undefined) continue;
    claims.push(...asked.claims);
    if (asked.maxOutput !== undefined) attempt.maxOutput = Math.min(attempt.maxOutput ?? Infinity, asked.maxOutput);
  }
  if (claims.length === 0) return;
  const { state } = exchange.kernel;
  if (state === undefined) {
    const message = 'A meter reserves budgets or limits, and no plugin provides the service "state".';
    throw new GatewayError('GW_PLUGIN_CONTRACT', message, { hook: 'meter.reserve' });
  }
  const reservation = await state.reserve(attempt.id, claims, attempt);
  if (!reservation.ok) throw refused(reservation, attempt);
  attempt.reserved = true;
}

function refused(
  { refused: claim, retryAfter }: Extract<Reservation, { ok: false }>,
  attempt: LiveAttempt,
): GatewayError {
  const details = { target: attempt.target.id, ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (claim.kind === 'budget') {
    const message = `The budget of ${claim.scope} has nothing left for this request.`;
    return new GatewayError('GW_BUDGET_EXCEEDED', message, details);
  }
  const wait = retryAfter === undefined ? '' : ` Try again in ${Math.ceil(retryAfter / 1000)} s.`;
  return new GatewayError('GW_RATE_LIMITED', `The limit of ${claim.scope} is reached.${wait}`, {
    ...details,
    retryable: false,
  });
}
