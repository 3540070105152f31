/** Error replies are read, whatever they are, and written so that the official SDKs know their class. */
import { GatewayError } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec } from './wire.test.kit.ts';

const read = (status: number, body: string, type?: string) =>
  codec.decodeError(status, Buffer.from(body), type === undefined ? undefined : { 'x-amzn-errortype': type });

describe('read', () => {
  test.each([
    ['the header', '{"message":"No."}', 'ThrottlingException'],
    ['the header, with an address', '{"message":"No."}', 'ThrottlingException:http://internal.amazon.com/coral/'],
    ['the header, with a namespace', '{"message":"No."}', 'com.amazon.coral#ThrottlingException'],
    ['the body', '{"__type":"com.amazon.coral.service#ThrottlingException","message":"No."}', undefined],
    ['a capital letter', '{"Message":"No."}', 'ThrottlingException'],
  ])('the exception from %s', (_where, body, header) => {
    expect(read(429, body, header)).toEqual({ status: 429, message: 'No.', type: 'ThrottlingException' });
  });

  test('an error that a proxy has put one level down', () => {
    expect(read(429, '{"error":{"type":"slow_down","message":"No."}}')).toEqual({
      status: 429,
      message: 'No.',
      type: 'slow_down',
    });
  });

  test('a message alone', () => {
    expect(read(403, '{"message":"Denied"}')).toEqual({ status: 403, message: 'Denied' });
  });

  test.each([
    'Input is too long for requested model.',
    'The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum',
    'This model’s maximum context length is 8192 tokens.',
    'Too many input tokens. Max input tokens: 8192',
  ])('a request that is too long: %s', (message) => {
    expect(read(400, JSON.stringify({ message }), 'ValidationException').code).toBe('context_length_exceeded');
  });

  test('too many tokens a minute are not a long request', () => {
    const body = '{"message":"Too many tokens, please wait before trying again."}';
    expect(read(429, body, 'ThrottlingException')).not.toHaveProperty('code');
  });

  test.each([
    ['', /status 502 and said nothing/],
    ['<!DOCTYPE html><title>Bad gateway</title>', /an HTML page: Bad gateway/],
    ['upstream connect error', /no error that the dialect knows: upstream connect error/],
    ['[1]', /no error that the dialect knows/],
  ])('anything else: %j', (body, message) => {
    expect(read(502, body)).toEqual({ status: 502, message: expect.stringMatching(message) as string });
  });
});

describe('written', () => {
  test.each([
    ['GW_BAD_REQUEST', 'ValidationException'],
    ['GW_UNAUTHENTICATED', 'AccessDeniedException'],
    ['GW_BUDGET_EXCEEDED', 'ServiceQuotaExceededException'],
    ['GW_UNKNOWN_MODEL', 'ResourceNotFoundException'],
    ['GW_RATE_LIMITED', 'ThrottlingException'],
    ['GW_INTERNAL', 'InternalServerException'],
    ['GW_UPSTREAM_CUT', 'InternalServerException'],
    ['GW_NO_TARGET', 'ServiceUnavailableException'],
    ['GW_UPSTREAM_TIMEOUT', 'ModelTimeoutException'],
  ] as const)('%s is a %s', (code, type) => {
    expect(codec.encodeError(new GatewayError(code, 'Said.'), 'r')).toEqual({ __type: type, message: 'Said.' });
  });

  test("a provider's own exception stays what it was, and another dialect's type does not", () => {
    const own = { status: 429, message: 'm', type: 'ModelNotReadyException' };
    const error = new GatewayError('GW_UPSTREAM_ERROR', 'm', { status: 429, upstream: own });
    expect(codec.encodeError(error, 'r')).toEqual({ __type: 'ModelNotReadyException', message: 'm' });
    const foreign = new GatewayError('GW_UPSTREAM_ERROR', 'm', {
      status: 429,
      upstream: { ...own, type: 'constructor' },
    });
    expect(codec.encodeError(foreign, 'r')).toEqual({ __type: 'ThrottlingException', message: 'm' });
  });
});
