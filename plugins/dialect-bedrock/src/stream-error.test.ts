/** Errors inside of streams: exceptions as errors, and errors as the exceptions that clients know. */
import { GatewayError, Sight } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { aws, awsMessage, decodeBytes, messagesOf, observe, stream } from './wire.test.kit.ts';

describe('errors', () => {
  test.each([
    ['throttlingException', 'ThrottlingException', 429],
    ['modelStreamErrorException', 'ModelStreamErrorException', 424],
    ['internalServerException', 'InternalServerException', 500],
    ['serviceUnavailableException', 'ServiceUnavailableException', 503],
    ['validationException', 'ValidationException', 400],
  ])('%s', (type, name, status) => {
    const bytes = awsMessage({ [type]: { message: 'No.' } }, 'exception');
    expect(decodeBytes(bytes)).toEqual([{ type: 'error', status, message: 'No.', errorType: name }]);
    const { sights, summary } = observe(bytes);
    expect([sights, summary.error]).toEqual([[Sight.ERROR], { status, message: 'No.', type: name }]);
    const error = new GatewayError('GW_UPSTREAM_ERROR', 'No.', {
      status,
      upstream: { status, message: 'No.', type: name },
    });
    expect(messagesOf(stream.encodeError(error, 'r') as Buffer)).toMatchObject([
      { kind: 'exception', type, payload: { message: 'No.' } },
    ]);
  });

  test.each([
    ['GW_UPSTREAM_CUT', 'modelStreamErrorException'],
    ['GW_UPSTREAM_TIMEOUT', 'modelStreamErrorException'],
    ['GW_INTERNAL', 'internalServerException'],
    ['GW_RATE_LIMITED', 'throttlingException'],
    ['GW_BUDGET_EXCEEDED', 'validationException'],
  ] as const)("the gateway's own %s", (code, type) => {
    const [message] = messagesOf(stream.encodeError(new GatewayError(code, 'Said.'), 'r') as Buffer);
    expect(message).toMatchObject({ kind: 'exception', type, payload: { message: 'Said.' } });
  });

  test('an error without a shape says what its headers say', () => {
    const header = (value: string) => ({ type: 'string' as const, value });
    const headers = { ':message-type': header('error'), ':error-code': header('Odd'), ':error-message': header('No.') };
    const bytes = Buffer.from(aws.encode({ headers, body: new Uint8Array() }));
    expect(decodeBytes(bytes)).toEqual([{ type: 'error', status: 500, message: 'No.', errorType: 'Odd' }]);
  });

  test('an exception without JSON in it is one all the same', () => {
    const bytes = awsMessage({ throttlingException: {} }, 'exception');
    expect(decodeBytes(bytes)).toMatchObject([{ type: 'error', status: 429, errorType: 'ThrottlingException' }]);
  });

  test('an event that is no JSON is malformed', () => {
    const observer = stream.observer({ dropUsage: false });
    const frame = {
      event: 'messageStop',
      ascii: '',
      replacement: '',
      text: () => '{',
      json: () => JSON.parse('{') as unknown,
    };
    expect(observer.see(frame)).toBe(Sight.MALFORMED);
    expect(() => stream.decoder().push(frame)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });
});
