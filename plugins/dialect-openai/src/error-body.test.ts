/** The gateway's errors, as clients of the dialect read them. */
import { expect, test } from 'vitest';
import { GatewayError } from '@gatewright/core';
import { encodeError } from './error-body.ts';
import * as spec from './spec.test.kit.ts';

test.each([
  ['GW_BAD_REQUEST', 400, 'invalid_request_error'],
  ['GW_UNAUTHENTICATED', 401, 'authentication_error'],
  ['GW_BUDGET_EXCEEDED', 402, 'insufficient_quota'],
  ['GW_FORBIDDEN', 403, 'permission_error'],
  ['GW_UNKNOWN_MODEL', 404, 'invalid_request_error'],
  ['GW_BODY_TOO_LARGE', 413, 'invalid_request_error'],
  ['GW_RATE_LIMITED', 429, 'rate_limit_error'],
  ['GW_INTERNAL', 500, 'server_error'],
  ['GW_NO_TARGET', 503, 'server_error'],
] as const)('%s with status %i is a %s', (code, status, type) => {
  const error = new GatewayError(code, 'No.');
  expect(error.status).toBe(status);
  const body = encodeError(error);
  expect(body).toEqual({ error: { message: 'No.', type, param: null, code } });
  if (spec.found) expect(spec.violations('ErrorResponse', body)).toEqual([]);
});

test('the field that is wrong is named', () => {
  expect(encodeError(new GatewayError('GW_BAD_REQUEST', 'No.', { param: 'messages[0].content' }))).toMatchObject({
    error: { param: 'messages[0].content' },
  });
});

test('a provider’s error keeps its own words', () => {
  const upstream = { status: 429, message: 'Slow down', type: 'requests', code: 'rate_limit_exceeded', param: 'n' };
  const error = new GatewayError('GW_UPSTREAM_ERROR', 'openai/gpt: Slow down', { status: 429, upstream });
  expect(encodeError(error)).toEqual({
    error: { message: 'Slow down', type: 'requests', param: 'n', code: 'rate_limit_exceeded' },
  });
  const terse = new GatewayError('GW_UPSTREAM_ERROR', 'x', {
    status: 429,
    upstream: { status: 429, message: 'Slow down' },
  });
  expect(encodeError(terse)).toMatchObject({ error: { type: 'rate_limit_error', code: 'GW_UPSTREAM_ERROR' } });
});

test('what is too long has the code that clients of the API look for', () => {
  expect(encodeError(new GatewayError('GW_CONTEXT_LENGTH', 'Too long.'))).toEqual({
    error: { message: 'Too long.', type: 'invalid_request_error', param: null, code: 'context_length_exceeded' },
  });
});
