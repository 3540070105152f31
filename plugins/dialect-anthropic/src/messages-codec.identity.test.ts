/** Whatever is read in this dialect is written again as the same JSON. */
import type { ChatRequest, JsonObject } from '@gatewright/core';
import { isGatewayError } from '@gatewright/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatBody, countBody, messageBody } from './bodies.test.kit.ts';
import { countTokensDialect } from './count-tokens.ts';
import { codec, complete } from './wire.test.kit.ts';

const RUNS = { numRuns: 600 };

test('requests', () => {
  fc.assert(
    fc.property(chatBody, (body) => {
      const request = codec.decodeRequest(body, { headers: {} });
      expect(codec.encodeRequest(request, complete(request.model))).toEqual(body);
    }),
    RUNS,
  );
});

test('token counts', () => {
  fc.assert(
    fc.property(fc.oneof(countBody, chatBody), (body) => {
      const request = countTokensDialect.codec.decodeRequest(body, { headers: {} });
      expect(countTokensDialect.codec.encodeRequest(request, complete(request.model))).toEqual(body);
    }),
    RUNS,
  );
});

test('answers', () => {
  fc.assert(
    fc.property(messageBody, (body) => {
      const response = codec.decodeResponse(body);
      expect(codec.encodeResponse(response, complete(response.model))).toEqual(body);
    }),
    RUNS,
  );
});

test('reading never changes what it reads, nor does writing', () => {
  fc.assert(
    fc.property(chatBody, (body) => {
      const before = structuredClone(body);
      const request = codec.decodeRequest(body, { headers: {} });
      const copy = structuredClone(request);
      codec.encodeRequest(request, complete());
      expect([body, request]).toEqual([before, copy]);
    }),
    { numRuns: 100 },
  );
});

test('any JSON at all is read, or refused with the place that is wrong', () => {
  const anything = fc.dictionary(
    fc.constantFrom('model', 'messages', 'system', 'tools', 'max_tokens', 'thinking', 'output_config', 'tool_choice'),
    fc.jsonValue({ maxDepth: 4 }),
  );
  const read = (body: JsonObject): ChatRequest | undefined => {
    try {
      return codec.decodeRequest(body, { headers: {} });
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      expect(error.code).toBe('GW_BAD_REQUEST');
      expect(error.message.startsWith(`${error.details.param}: `)).toBe(true);
      return undefined;
    }
  };
  fc.assert(
    fc.property(anything, (body) => {
      read({ model: 'm', max_tokens: 1, messages: [], ...body });
    }),
    { numRuns: 500 },
  );
});
