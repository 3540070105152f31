/** Errors of providers are read whatever they are, and the gateway's own have the API's form. */
import { GatewayError } from '@gatewright/core';
import { expect, test } from 'vitest';
import { decodeError, encodeError } from './error.ts';

const read = (status: number, body: unknown) =>
  decodeError(status, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

// The messages are those of https://docs.cohere.com/reference/errors.
test.each([
  [
    400,
    'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.',
    'context_length_exceeded',
  ],
  [
    400,
    'too many tokens: size limit exceeded by 11326 tokens. Try using shorter or fewer inputs',
    'context_length_exceeded',
  ],
  [400, 'too many tokens: max tokens must be less than or equal to 4096, the maximum output for this model', undefined],
  [400, 'invalid request: temperature must be between 0 and 1.0 inclusive.', undefined],
  [401, 'invalid api token', 'invalid_api_key'],
  [402, 'Please add or update your payment method', 'insufficient_quota'],
  [404, "model 'xyz' not found, make sure the correct model ID was used", 'model_not_found'],
  [429, 'You are past the per minute request limit, please wait and try again later.', undefined],
  [429, 'You are using a Trial key, which is limited to 40 API calls / minute.', 'trial_key_limit'],
  [429, 'trial token rate limit exceeded, limit is 100000 tokens per minute', 'trial_key_limit'],
  [498, 'blocked', 'content_filter'],
])('%i %s', (status, message, code) => {
  expect(read(status, { id: '1', message })).toEqual({ status, message, ...(code === undefined ? {} : { code }) });
});

test.each([
  [{ error: { message: 'No.', type: 'bad', code: 'x1' } }, { message: 'No.', type: 'bad', code: 'x1' }],
  [{ error: 'No.' }, { message: 'No.' }],
  [{ detail: 'No.' }, { message: 'No.' }],
  ['', { message: 'The provider answered with status 502 and said nothing.' }],
  [
    '<html><title>Bad\n gateway</title>',
    { message: 'The provider answered with status 502 and an HTML page: Bad gateway' },
  ],
  ['[1]', { message: 'The provider answered with status 502 and no error that the dialect knows: [1]' }],
])('whatever the body is: %j', (body, expected) => {
  expect(read(502, body)).toEqual({ status: 502, ...expected });
});

test("the gateway's own errors", () => {
  expect(encodeError(new GatewayError('GW_NO_TARGET', 'Nobody is there.'), 'req-1')).toEqual({
    id: 'req-1',
    message: 'Nobody is there.',
  });
});
