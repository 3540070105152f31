/** Every failure has one reason. */
import { expect, test } from 'vitest';
import { GatewayError, type GatewayErrorCode } from './errors.ts';
import { failureReason, type FailureReason } from './failure-reason.ts';

test.each<[number, string | undefined, FailureReason]>([
  [429, undefined, 'rateLimited'],
  [429, 'insufficient_quota', 'account'],
  [429, 'rate_limit_exceeded', 'rateLimited'],
  [503, undefined, 'overloaded'],
  [529, undefined, 'overloaded'],
  [500, undefined, 'server'],
  [502, undefined, 'server'],
  [524, undefined, 'server'],
  [408, undefined, 'server'],
  [401, undefined, 'account'],
  [402, undefined, 'account'],
  [403, undefined, 'account'],
  [400, undefined, 'request'],
  [413, undefined, 'request'],
  [413, 'context_length_exceeded', 'contextLength'],
  [400, 'context_length_exceeded', 'contextLength'],
  [400, 'content_filter', 'contentFilter'],
  [498, 'content_filter', 'contentFilter'],
  [400, 'content_policy_violation', 'contentFilter'],
  [404, 'model_not_found', 'other'],
])('a provider that says %i %s: %s', (status, code, reason) => {
  const upstream = { status, message: 'no', ...(code === undefined ? {} : { code }) };
  expect(failureReason(new GatewayError('GW_UPSTREAM_ERROR', 'no', { status, upstream }))).toBe(reason);
});

test.each<[GatewayErrorCode, FailureReason]>([
  ['GW_UPSTREAM_TIMEOUT', 'timeout'],
  ['GW_UPSTREAM_UNREACHABLE', 'connection'],
  ['GW_UPSTREAM_CUT', 'invalid'],
  ['GW_OVERLOADED', 'uncalled'],
  ['GW_TARGET_UNHEALTHY', 'uncalled'],
  ['GW_UNSUPPORTED', 'uncalled'],
  ['GW_BAD_REQUEST', 'request'],
  ['GW_CLIENT_CLOSED', 'gone'],
  ['GW_PLUGIN_FAILED', 'other'],
])('%s: %s', (code, reason) => {
  expect(failureReason(new GatewayError(code, 'no'))).toBe(reason);
});
