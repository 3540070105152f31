/** Why a target did not answer: what is done about a failure depends on it. */
import type { GatewayError } from './errors.ts';

/**
 * - `rateLimited`, `overloaded`, `server`, `connection`, `invalid`, `timeout`: the target may do better later, and others now.
 * - `account`: the provider refuses the gateway's own credentials, or has none of its money left; others may not.
 * - `contextLength`, `contentFilter`: the request is too long for the model, or the provider refuses what it says.
 * - `request`: no target would take the request.
 * - `uncalled`: the target was not called: a budget, a limit, a breaker, something that it cannot express.
 * - `gone`: nobody waits for the answer any more.
 * - `other`: whatever else; other targets may do better.
 */
export type FailureReason =
  | 'rateLimited'
  | 'overloaded'
  | 'server'
  | 'connection'
  | 'invalid'
  | 'timeout'
  | 'account'
  | 'contextLength'
  | 'contentFilter'
  | 'request'
  | 'uncalled'
  | 'gone'
  | 'other';

const BY_CODE: ReadonlyMap<string, FailureReason> = new Map([
  ['GW_BAD_REQUEST', 'request'],
  ['GW_INVALID_JSON', 'request'],
  ['GW_DEPTH', 'request'],
  ['GW_INTERNAL', 'request'],
  ['GW_UPSTREAM_TIMEOUT', 'timeout'],
  ['GW_UPSTREAM_UNREACHABLE', 'connection'],
  ['GW_UPSTREAM_INVALID', 'invalid'],
  ['GW_UPSTREAM_EMPTY', 'invalid'],
  ['GW_UPSTREAM_CUT', 'invalid'],
  ['GW_BUDGET_EXCEEDED', 'uncalled'],
  ['GW_RATE_LIMITED', 'uncalled'],
  ['GW_UNPRICED', 'uncalled'],
  ['GW_UNSUPPORTED', 'uncalled'],
  ['GW_OVERLOADED', 'uncalled'],
  ['GW_TARGET_UNHEALTHY', 'uncalled'],
  ['GW_STATE_UNAVAILABLE', 'uncalled'],
  ['GW_CLIENT_CLOSED', 'gone'],
  ['GW_SHUTTING_DOWN', 'gone'],
]);

/** What dialects call a request that is too long, refused for what it says, or not paid for. */
const BY_UPSTREAM_CODE: ReadonlyMap<string, FailureReason> = new Map([
  ['context_length_exceeded', 'contextLength'],
  ['content_filter', 'contentFilter'],
  ['content_policy_violation', 'contentFilter'],
  ['insufficient_quota', 'account'],
]);

/** Of a status: the provider's own, whatever was made of it for the client. */
const BY_STATUS: ReadonlyMap<number, FailureReason> = new Map([
  [400, 'request'],
  [413, 'request'],
  [422, 'request'],
  [401, 'account'],
  [402, 'account'],
  [403, 'account'],
  [408, 'server'],
  [409, 'server'],
  [425, 'server'],
  [429, 'rateLimited'],
  [503, 'overloaded'],
  [529, 'overloaded'],
]);

/** The reason of an error that an attempt ended with. */
export function failureReason(error: GatewayError): FailureReason {
  if (error.code !== 'GW_UPSTREAM_ERROR') return BY_CODE.get(error.code) ?? 'other';
  const known = BY_UPSTREAM_CODE.get(error.details.upstream?.code ?? '') ?? BY_STATUS.get(error.status);
  return known ?? (error.status >= 500 ? 'server' : 'other');
}
