/** What the outcome of a call says of the target that was called. */
import type { AttemptOutcome, GatewayError } from '@gatewright/core';

/**
 * `good`: it answers. `bad`: it does not do what it is there for. `limited`: it asks for less. `none`: the outcome says
 * nothing of it: the client left or asked for what cannot be, a budget refused, the gateway went down.
 */
export type Verdict = 'good' | 'bad' | 'limited' | 'none';

export function verdictOf({ result, error }: AttemptOutcome): Verdict {
  if (result === 'success') return 'good';
  if (result === 'client-gone' || result === 'shutdown' || error === undefined) return 'none';
  switch (error.code) {
    case 'GW_UPSTREAM_UNREACHABLE':
    case 'GW_UPSTREAM_INVALID':
    case 'GW_UPSTREAM_EMPTY':
    case 'GW_UPSTREAM_CUT':
    case 'GW_UPSTREAM_TIMEOUT':
      return 'bad';
    case 'GW_UPSTREAM_ERROR':
      return ofStatus(error.details.upstream?.status ?? error.status);
    default:
      return 'none';
  }
}

/**
 * Besides the server's own errors, a key that is not known and an account without money let nobody through. A 403 may be
 * for what the client wrote, a 404 for a name that the client chose.
 */
function ofStatus(status: number): Verdict {
  if (status === 429) return 'limited';
  return status >= 500 || status === 401 || status === 402 || status === 408 ? 'bad' : 'none';
}

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
