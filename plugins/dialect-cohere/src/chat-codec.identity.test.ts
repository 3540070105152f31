/** Whatever is read in this dialect is written again as the same JSON. */
import { isGatewayError, type JsonObject } from '@gatewright/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerBody, chatBody } from './bodies.test.kit.ts';
import { codec, complete } from './wire.test.kit.ts';

const RUNS = { numRuns: 600 };
const context = { headers: {} };

test('requests', () => {
  fc.assert(
    fc.property(chatBody, (body) => {
      const request = codec.decodeRequest(body, context);
      expect(codec.encodeRequest(request, complete(request.model))).toEqual(body);
    }),
    RUNS,
  );
});

test('answers', () => {
  fc.assert(
    fc.property(answerBody, (body) => {
      expect(codec.encodeResponse(codec.decodeResponse(body), complete())).toEqual(body);
    }),
    RUNS,
  );
});

test('reading never changes what it reads, nor does writing', () => {
  fc.assert(
    fc.property(chatBody, (body) => {
      const before = structuredClone(body);
      const request = codec.decodeRequest(body, context);
      const copy = structuredClone(request);
      codec.encodeRequest(request, complete());
      expect([body, request]).toEqual([before, copy]);
    }),
    { numRuns: 100 },
  );
});

test('any JSON at all is read, or refused with the place that is wrong', () => {
  const fields = ['messages', 'tools', 'tool_choice', 'documents', 'response_format', 'thinking', 'stop_sequences'];
  const anything = fc.dictionary(fc.constantFrom(...fields, 'p', 'k', 'logprobs'), fc.jsonValue({ maxDepth: 4 }));
  const read = (body: JsonObject): void => {
    try {
      codec.decodeRequest(body, context);
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      expect(error.code).toBe('GW_BAD_REQUEST');
      expect(error.message.startsWith(`${error.details.param}: `)).toBe(true);
    }
  };
  fc.assert(
    fc.property(anything, (body) => read({ model: 'm', messages: [], ...body })),
    { numRuns: 500 },
  );
});
