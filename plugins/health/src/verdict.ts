/** What the outcome of a call says of the target that was called. */
import { failureReason, type Attempt, type AttemptOutcome, type GatewayError } from '@gatewright/core';

/**
 * `good`: it answers. `bad`: it does not do what it is there for. `limited`: it asks for less. `none`: the outcome says
 * nothing of it: the client left or asked for what cannot be, a budget refused, the gateway went down.
 */
export type Verdict = 'good' | 'bad' | 'limited' | 'none';

export function verdictOf({ result, error }: AttemptOutcome): Verdict {
  if (result === 'success') return 'good';
  if (result === 'client-gone' || result === 'shutdown' || error === undefined) return 'none';
  const { status } = error.details.upstream ?? error;
  switch (failureReason(error)) {
    case 'rateLimited':
      return 'limited';
    case 'overloaded':
    case 'connection':
    case 'invalid':
    case 'timeout':
      return 'bad';
    case 'server':
      return status >= 500 || status === 408 ? 'bad' : 'none';
    case 'account':
      // A key that is not known lets nobody through; a 403 may be for what the client wrote.
      return status === 403 ? 'none' : 'bad';
    default:
      return 'none';
  }
}

/**
 * Whether a call was only too slow for its caller, who had set a timeout of its own: nobody is to take a target from the others
 * by being impatient. `enough`: milliseconds that are not impatient.
 */
export function isImpatience({ result, duration, error }: AttemptOutcome, attempt: Attempt, enough: number): boolean {
  if (result !== 'timeout' || duration >= enough) return false;
  const { headers } = attempt.exchange;
  // What the connection itself has timed out brings its cause.
  const own = error?.details.cause === undefined ? OF_ATTEMPTS : OF_CONNECTIONS;
  return own.some((name) => headers[name] !== undefined);
}

/** The headers by which callers make timeouts shorter. */
const OF_CONNECTIONS = ['x-gatewright-headers-timeout', 'x-gatewright-idle-timeout'];
const OF_ATTEMPTS = [
  'x-gatewright-timeout',
  'x-gatewright-first-token-timeout',
  'x-gatewright-content-timeout',
  'x-gatewright-connect-timeout',
];

/** Whether the provider was not even reached, or said something that says it is there. */
export function ofProvider(outcome: AttemptOutcome, verdict: Verdict): Verdict {
  if (verdict === 'none') return 'none';
  // Whoever sends a head is there, whatever it says.
  if (outcome.status > 0 || verdict === 'good') return 'good';
  return isNoConnection(outcome.error) ? 'bad' : 'none';
}

/** The connection was refused, broke before the head, or did not come about in time (undici's code for that). */
function isNoConnection(error: GatewayError | undefined): boolean {
  const { code } = (error?.details.cause ?? {}) as { readonly code?: unknown };
  return error?.code === 'GW_UPSTREAM_UNREACHABLE' || code === 'UND_ERR_CONNECT_TIMEOUT';
}

/** In a few words, without anything that the provider wrote. */
export function wordsFor(error: GatewayError | undefined): string {
  if (error === undefined) return 'a failure';
  const { code, details } = error;
  switch (code) {
    case 'GW_UPSTREAM_ERROR':
      return `status ${details.upstream?.status ?? error.status}`;
    case 'GW_UPSTREAM_UNREACHABLE':
      return 'no connection';
    case 'GW_UPSTREAM_TIMEOUT':
      return 'no answer in time';
    case 'GW_UPSTREAM_CUT':
      return 'a broken answer';
    default:
      return code;
  }
}
