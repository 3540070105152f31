/** Of all failures of an exchange, the one that tells its client most. */
import { GatewayError, type ErrorDetails } from '../../errors.ts';
import type { FailureReason } from '../../failure-reason.ts';
import type { Target } from '../../route.ts';

export interface Failure {
  readonly target: Target;
  readonly reason: FailureReason;
  readonly error: GatewayError;
}

/**
 * How much a reason tells: a request that cannot succeed is to be changed, a provider that is busy is to be asked later. That
 * the gateway's own account is refused, or that a target was not even called, is worth less than what others said.
 */
const WORTH: Readonly<Record<FailureReason, number>> = {
  gone: 6,
  request: 5,
  contextLength: 5,
  contentFilter: 5,
  rateLimited: 4,
  overloaded: 4,
  timeout: 3,
  server: 3,
  connection: 3,
  invalid: 3,
  other: 2,
  account: 1,
  uncalled: 0,
};

/** The most characters of what one target said. */
const SHOWN = 200;

/** The last of those that tell most. Where several targets were asked, it also says what became of each. */
export function tellingFailure(failures: readonly Failure[]): GatewayError {
  let best: Failure | undefined;
  for (const failure of failures) {
    if (best === undefined || WORTH[failure.reason] >= WORTH[best.reason]) best = failure;
  }
  if (best === undefined) return new GatewayError('GW_NO_TARGET', 'No target is left that may serve this request.');
  const { error } = best;
  if (failures.length === 1) return error;
  const tried = failures.map(({ target, error: one }) => ({ target: target.id, reason: reasonText(one) }));
  const { code, status, retryable } = error;
  const details: ErrorDetails = { ...error.details, status, retryable, tried, ...soonest(best, failures) };
  // What a provider said stays as it said it; the reply's headers have the rest.
  if (code === 'GW_UPSTREAM_ERROR') return new GatewayError(code, error.message, details);
  const lines = tried.map(({ target, reason }) => `\n- ${target}: ${reason}`);
  return new GatewayError(code, `${error.message} All that was tried:${lines.join('')}`, details);
}

/** Of targets that are to be asked later, the one that can be asked first decides when. */
function soonest({ reason }: Failure, failures: readonly Failure[]): { retryAfter?: number } {
  const waits = failures.flatMap(({ reason: other, error }) => {
    const { retryAfter } = error.details;
    return WORTH[other] === WORTH[reason] && retryAfter !== undefined ? [retryAfter] : [];
  });
  return waits.length === 0 ? {} : { retryAfter: Math.min(...waits) };
}

/** One line. */
function reasonText({ code, status, message }: GatewayError): string {
  const line = message.replace(/\s+/g, ' ').trim();
  const text = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
  return code === 'GW_UPSTREAM_ERROR' ? `${status} ${text}` : text;
}
