/** Token counts: of contents alone, and of a whole request. */
import type { ChatRequest } from '@gatewright/core';
import { expect, test } from 'vitest';
import { countTokensCodec as codec } from './count-tokens.ts';
import { strict } from './wire.test.kit.ts';

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

test.each([
  [{ contents }],
  [{ generateContentRequest: { model: 'models/m', contents, systemInstruction: { parts: [{ text: 's' }] } } }],
])('%j is written as it was read', (body) => {
  expect(codec.encodeRequest(codec.decodeRequest(body, { headers: {}, model: 'm' }), strict('m'))).toEqual(body);
});

test('of another dialect: tools and system count only in a whole request', () => {
  const request: ChatRequest = {
    model: 'm',
    stream: false,
    maxOutput: 5,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  };
  expect(codec.encodeRequest(request, strict('m'))).toEqual({ contents });
  const tools: ChatRequest['tools'] = [{ kind: 'function', name: 'f' }];
  expect(codec.encodeRequest({ ...request, tools }, strict('m'))).toEqual({
    generateContentRequest: { model: 'models/m', contents, tools: [{ functionDeclarations: [{ name: 'f' }] }] },
  });
});

test('answers', () => {
  expect(codec.decodeResponse({ totalTokens: 31 })).toEqual({ inputTokens: 31 });
  expect(codec.decodeResponse({})).toEqual({ inputTokens: 0 });
  expect(() => codec.decodeResponse({ tokens: 31 })).toThrow(/totalTokens/);
  expect(codec.encodeResponse({ inputTokens: 7 }, strict('m'))).toEqual({ totalTokens: 7 });
});
