import { GatewayError } from '@gatewright/core';
import { expect, test } from 'vitest';
import { decodeError, encodeError } from './error.ts';

test.each([
  [
    404,
    '{"error":"model \'llama9\' not found"}',
    {
      message: "model 'llama9' not found. On the machine that runs Ollama: ollama pull llama9",
      code: 'model_not_found',
    },
  ],
  [
    400,
    '{"error":"the input length exceeds the context length"}',
    { message: 'the input length exceeds the context length', code: 'context_length_exceeded' },
  ],
  [400, '{"error":{"message":"invalid"}}', { message: 'invalid' }],
  [502, '<html>Bad Gateway</html>', { message: 'The provider answered with status 502 and an HTML page' }],
  [500, '', { message: 'The provider answered with status 500 and said nothing.' }],
  [
    500,
    'llama runner  stopped',
    { message: 'The provider answered with status 500 and no error that the dialect knows: llama runner stopped' },
  ],
])('%i %s', (status, body, error) => {
  expect(decodeError(status, Buffer.from(body))).toEqual({ status, ...error });
});

test('a name that could be a command is not repeated as one', () => {
  const { message } = decodeError(404, Buffer.from('{"error":"model \'a; rm -rf b\' not found"}'));
  expect(message).toBe("model 'a; rm -rf b' not found");
});

test("the gateway's own errors are one text", () => {
  expect(encodeError(new GatewayError('GW_UNKNOWN_MODEL', 'There is none.'))).toEqual({ error: 'There is none.' });
});
