/** Errors read and written in this dialect's form. */
import { GatewayError } from '@gatewright/core';
import { expect, test } from 'vitest';
import { decodeError, encodeError, errorIn } from './error.ts';

const body = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

test('message, status and the reason of the details are read, also out of a list', () => {
  const error = {
    code: 400,
    message: 'API key not valid.',
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
  };
  const read = { status: 400, message: 'API key not valid.', type: 'INVALID_ARGUMENT', code: 'API_KEY_INVALID' };
  expect(decodeError(400, body({ error }))).toEqual(read);
  expect(decodeError(400, body([{ error }]))).toEqual(read);
});

test('a prompt that is too long is recognised by its message', () => {
  const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).';
  const error = { code: 400, message, status: 'INVALID_ARGUMENT' };
  expect(decodeError(400, body({ error })).code).toBe('context_length_exceeded');
});

test.each([
  ['', 'The provider answered with status 502 and said nothing.'],
  [
    '<html><title>502 Bad Gateway</title></html>',
    'The provider answered with status 502 and an HTML page: 502 Bad Gateway',
  ],
  ['upstream timeout', 'The provider answered with status 502 and no error that the dialect knows: upstream timeout'],
  ['{"error":"plain"}', 'plain'],
  [
    '{"error":{"code":502}}',
    'The provider answered with status 502 and no error that the dialect knows: {"error":{"code":502}}',
  ],
])('%j is read as well as it can be', (text, message) => {
  expect(decodeError(502, body(text))).toEqual({ status: 502, message });
});

test('inside a stream the status is that of the code, or of its name', () => {
  expect(errorIn({ error: { code: 429, message: 'm' } })?.status).toBe(429);
  expect(errorIn({ error: { message: 'm', status: 'UNAVAILABLE' } })?.status).toBe(503);
  expect(errorIn({ error: { message: 'm', status: 'ODD' } })?.status).toBe(500);
  expect(errorIn({ candidates: [] })).toBeUndefined();
});

test("the gateway's own errors have the status's name, their code, the request's id and the time to wait", () => {
  const error = new GatewayError('GW_RATE_LIMITED', 'Slow down.', { retryAfter: 1500 });
  expect(encodeError(error, 'gw_1')).toEqual({
    error: {
      code: 429,
      message: 'Slow down.',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'GW_RATE_LIMITED', domain: 'gatewright' },
        { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'gw_1' },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
      ],
    },
  });
});

test.each([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [418, 'INVALID_ARGUMENT'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
  [529, 'INTERNAL'],
])('%i is %s', (status, name) => {
  const error = new GatewayError('GW_UPSTREAM_ERROR', 'm', { status });
  expect(encodeError(error, 'r')['error']).toMatchObject({ code: status, status: name });
});

test("a provider's own words are kept in this dialect, another's type is not", () => {
  const own = { status: 400, message: 'own', type: 'FAILED_PRECONDITION', code: 'REASON' };
  const error = new GatewayError('GW_UPSTREAM_ERROR', 'told', { status: 400, upstream: own });
  expect(encodeError(error, 'r')['error']).toMatchObject({
    message: 'own',
    status: 'FAILED_PRECONDITION',
    details: [{ reason: 'REASON' }, {}],
  });
  const other = { status: 400, message: 'other', type: 'invalid_request_error' };
  const foreign = new GatewayError('GW_UPSTREAM_ERROR', 'told', { status: 400, upstream: other });
  expect(encodeError(foreign, 'r')['error']).toMatchObject({ message: 'told', status: 'INVALID_ARGUMENT' });
});

test.each([
  ['36s', 36_000],
  ['1.5s', 1500],
  ['soon', undefined],
  [36, undefined],
])('a retry delay of %s is %s milliseconds', (retryDelay, retryAfter) => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
  const body = { error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED', details } };
  expect(decodeError(429, Buffer.from(JSON.stringify(body))).retryAfter).toBe(retryAfter);
});
