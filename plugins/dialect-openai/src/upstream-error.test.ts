/** Errors of providers and of what stands in front of them. */
import { describe, expect, test } from 'vitest';
import type { UpstreamError } from '@gatewright/core';
import { decodeError, errorInside, errorOfFrame } from './upstream-error.ts';

const read = (status: number, body: unknown): UpstreamError =>
  decodeError(status, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('replies', () => {
  test.each<[string, unknown, Omit<UpstreamError, 'status'>]>([
    [
      'OpenAI, DeepSeek',
      { error: { message: 'Bad', type: 'invalid_request_error', param: 'n', code: 'bad_n' } },
      { message: 'Bad', type: 'invalid_request_error', param: 'n', code: 'bad_n' },
    ],
    ['with nulls', { error: { message: 'Bad', type: null, param: null, code: null } }, { message: 'Bad' }],
    ['Azure', { error: { code: '401', message: 'Denied' } }, { message: 'Denied', code: '401' }],
    ['Azure’s front', { statusCode: 404, message: 'Resource not found' }, { message: 'Resource not found' }],
    [
      'Anthropic',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'r' },
      { message: 'Overloaded', type: 'overloaded_error' },
    ],
    [
      'Gemini, Vertex',
      { error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED' } },
      { message: 'Quota', type: 'RESOURCE_EXHAUSTED', code: '429' },
    ],
    [
      'in an array',
      [{ error: { code: 400, message: 'Bad', status: 'INVALID' } }],
      { message: 'Bad', type: 'INVALID', code: '400' },
    ],
    ['Bedrock', { message: 'Throttled' }, { message: 'Throttled' }],
    ['Bedrock, elsewhere', { Message: 'Throttled' }, { message: 'Throttled' }],
    ['Cohere', { id: 'x', message: 'Bad' }, { message: 'Bad' }],
    ['Mistral, Voyage', { detail: 'Unauthorized' }, { message: 'Unauthorized' }],
    [
      'Mistral, by field',
      { detail: [{ loc: ['body', 'messages', 0], msg: 'field required', type: 'missing' }, { msg: 'also bad' }] },
      { message: 'body.messages.0: field required; also bad' },
    ],
    [
      'Mistral, wrapped',
      {
        object: 'error',
        message: { detail: [{ loc: ['body'], msg: 'bad' }] },
        type: 'invalid_request_error',
        code: '1001',
      },
      { message: 'body: bad', type: 'invalid_request_error', code: '1001' },
    ],
    [
      'Groq',
      { error: { message: 'Failed', type: 'invalid_request_error', code: 'tool_use_failed', failed_generation: '…' } },
      { message: 'Failed', type: 'invalid_request_error', code: 'tool_use_failed' },
    ],
    [
      'OpenRouter',
      { error: { code: 402, message: 'Credits', metadata: {} }, user_id: 'u' },
      { message: 'Credits', code: '402' },
    ],
    [
      'xAI',
      { code: 'The caller is wrong', error: 'Incorrect API key.' },
      { message: 'Incorrect API key.', code: 'The caller is wrong' },
    ],
    ['Ollama', { error: 'model not found' }, { message: 'model not found' }],
    [
      'vLLM, older',
      { object: 'error', message: 'too long', type: 'BadRequestError', param: null, code: 400 },
      { message: 'too long', type: 'BadRequestError', code: '400' },
    ],
    ['a bare string', '"nope"', { message: 'nope' }],
    ['plain text', 'upstream connect error', { message: 'upstream connect error' }],
    ['nothing', '', { message: 'The provider answered with status 503 and no body.' }],
    [
      'a web page',
      '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>',
      { message: 'The provider answered with status 503 and a web page: 502 Bad Gateway.' },
    ],
    [
      'a web page without a title',
      '<html></html>',
      { message: 'The provider answered with status 503 and a web page.' },
    ],
    ['JSON that says nothing', { ok: false }, { message: '{"ok":false}' }],
  ])('%s', (_name, body, expected) => {
    expect(read(503, body)).toEqual({ status: 503, ...expected });
  });

  test('a long text is cut, and keys in it are not repeated', () => {
    expect(read(500, 'x'.repeat(5000)).message).toHaveLength(300);
    const message = 'Incorrect API key provided: sk-proj-abcdef1234567890. You sent Bearer abc.def-123';
    expect(read(401, { error: { message } }).message).toBe(
      'Incorrect API key provided: [redacted]. You sent [redacted]',
    );
  });

  test('bytes that are no UTF-8', () => {
    expect(decodeError(500, Buffer.from([0xff, 0xfe, 0x7b])).status).toBe(500);
  });
});

describe('errors that came with a success', () => {
  test.each([
    [{ error: { message: 'a', status_code: 400 } }, 400],
    [{ error: { message: 'a', code: 429 } }, 429],
    [{ error: { message: 'a', code: '503' } }, 503],
    [{ error: { message: 'a', type: 'rate_limit_error' } }, 429],
    [{ error: { message: 'a', code: 'rate_limit_exceeded', type: 'tokens' } }, 429],
    [{ error: { message: 'a', type: 'server_error' } }, 500],
    [{ error: { message: 'a', code: 7 } }, 502],
    [{ error: 'a', code: 404 }, 404],
  ])('%j would have had the status %i', (body, status) => {
    expect(errorInside(body)).toMatchObject({ status, message: 'a' });
  });

  test.each([{}, { error: null }, { error: '' }, { error: false }, { choices: [] }, { object: 'chat.completion' }])(
    '%j is none',
    (body) => {
      expect(errorInside(body)).toBeUndefined();
    },
  );

  test('a frame that announced one has one, whatever it says', () => {
    expect(errorOfFrame({ message: 'a' })).toMatchObject({ message: 'a' });
    expect(errorOfFrame('text')).toMatchObject({ status: 502, message: 'text' });
    expect(errorOfFrame(7)).toEqual({ status: 502, message: 'The provider reported an error without saying which.' });
  });
});
