/** Errors in this dialect's form, and whatever else a provider may answer with. */
import { GatewayError, type GatewayErrorCode, type UpstreamError } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { ABSENCE, found, violations } from './spec.test.kit.ts';
import { codec, stream } from './wire.test.kit.ts';

describe('writing', () => {
  test.each<[GatewayErrorCode, number | undefined, string]>([
    ['GW_BAD_REQUEST', undefined, 'invalid_request_error'],
    ['GW_UNAUTHENTICATED', undefined, 'authentication_error'],
    ['GW_BUDGET_EXCEEDED', undefined, 'billing_error'],
    ['GW_FORBIDDEN', undefined, 'permission_error'],
    ['GW_UNKNOWN_MODEL', undefined, 'not_found_error'],
    ['GW_METHOD_NOT_ALLOWED', undefined, 'invalid_request_error'],
    ['GW_BODY_TIMEOUT', undefined, 'timeout_error'],
    ['GW_BODY_TOO_LARGE', undefined, 'request_too_large'],
    ['GW_UNSUPPORTED_MEDIA_TYPE', undefined, 'invalid_request_error'],
    ['GW_RATE_LIMITED', undefined, 'rate_limit_error'],
    ['GW_INTERNAL', undefined, 'api_error'],
    ['GW_UPSTREAM_UNREACHABLE', undefined, 'api_error'],
    ['GW_NO_TARGET', undefined, 'api_error'],
    ['GW_UPSTREAM_TIMEOUT', undefined, 'timeout_error'],
    ['GW_UPSTREAM_ERROR', 529, 'overloaded_error'],
    ['GW_UPSTREAM_ERROR', 409, 'conflict_error'],
    ['GW_UPSTREAM_ERROR', 422, 'invalid_request_error'],
    ['GW_UPSTREAM_ERROR', 599, 'api_error'],
  ])('%s %s is a %s', (code, status, type) => {
    const error = new GatewayError(code, 'What happened.', status === undefined ? {} : { status });
    expect(codec.encodeError(error, 'req_1')).toEqual({
      type: 'error',
      error: { type, message: 'What happened.' },
      request_id: 'req_1',
    });
  });

  const failed = (upstream: UpstreamError): GatewayError =>
    new GatewayError('GW_UPSTREAM_ERROR', 'a/b answered with an error.', { status: upstream.status, upstream });

  test("a provider's own type, message and code are kept where they are in this vocabulary", () => {
    const upstream = { status: 400, type: 'invalid_request_error', message: 'prompt is too long', code: 'too_long' };
    expect(codec.encodeError(failed(upstream), 'r')['error']).toEqual({
      type: 'invalid_request_error',
      message: 'prompt is too long',
      details: { error_code: 'too_long' },
    });
  });

  test("another vocabulary's type becomes the one of the status", () => {
    const upstream = { status: 429, type: 'insufficient_quota', message: 'You exceeded your quota' };
    expect(codec.encodeError(failed(upstream), 'r')['error']).toEqual({
      type: 'rate_limit_error',
      message: 'a/b answered with an error.',
    });
  });

  test('a conversation that the provider cannot keep is refused with the code that the SDK goes on from', () => {
    const error = new GatewayError('GW_UNSUPPORTED', 'a/b cannot express "thread".', { param: 'thread' });
    expect(codec.encodeError(error, 'r')['error']).toEqual({
      type: 'invalid_request_error',
      message: 'a/b cannot express "thread".',
      details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
    });
    const other = new GatewayError('GW_UNSUPPORTED', 'a/b cannot express "speed".', { param: 'speed' });
    expect(codec.encodeError(other, 'r')['error']).not.toHaveProperty('details');
  });

  test('in a stream it is one event', () => {
    expect(stream.encodeError(new GatewayError('GW_UPSTREAM_CUT', 'It broke "off".'), 'req_1')).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"It broke \\"off\\"."},"request_id":"req_1"}\n\n',
    );
  });

  test.skipIf(!found)(`it fits the schema${ABSENCE}`, () => {
    expect(violations('BetaErrorResponse', codec.encodeError(new GatewayError('GW_INTERNAL', 'x'), 'r'))).toEqual([]);
  });
});

describe('reading', () => {
  const read = (status: number, body: string): UpstreamError => codec.decodeError(status, Buffer.from(body));

  test("the API's form", () => {
    const body = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_011"}';
    expect(read(529, body)).toEqual({ status: 529, type: 'overloaded_error', message: 'Overloaded' });
  });

  test('a code in the details', () => {
    const body =
      '{"type":"error","error":{"type":"invalid_request_error","message":"m","details":{"error_code":"image_dimensions_too_large"}}}';
    expect(read(400, body)).toMatchObject({ code: 'image_dimensions_too_large' });
  });

  test.each([
    ['{"error":{"message":"bad key","type":"auth"}}', { message: 'bad key', type: 'auth' }],
    ['{"error":"bad key"}', { message: 'bad key' }],
    ['{"message":"forbidden"}', { message: 'forbidden' }],
    ['{"detail":"not here"}', { message: 'not here' }],
  ])('a form near it: %s', (body, expected) => {
    expect(read(403, body)).toEqual({ status: 403, ...expected });
  });

  test.each([
    ['', 'The provider answered with status 502 and said nothing.'],
    [
      '<!DOCTYPE html>\n<html><head><title>502 Bad\n Gateway</title></head><body>…',
      'The provider answered with status 502 and an HTML page: 502 Bad Gateway',
    ],
    ['<html></html>', 'The provider answered with status 502 and an HTML page'],
    [
      'upstream connect error',
      'The provider answered with status 502 and no error that the dialect knows: upstream connect error',
    ],
    ['{"ok":false}', 'The provider answered with status 502 and no error that the dialect knows: {"ok":false}'],
    ['null', 'The provider answered with status 502 and no error that the dialect knows: null'],
  ])('anything else: %j', (body, message) => {
    expect(read(502, body)).toEqual({ status: 502, message });
  });

  test('a long text is cut', () => {
    expect(read(500, 'x'.repeat(10_000)).message.length).toBeLessThan(300);
    expect(codec.decodeError(500, Buffer.from([0xff, 0xfe, 0x00])).status).toBe(500);
  });
});
