/** Nothing is lost: what is written is read again, and what was read is written as it was. */
import { describe, expect, test } from 'vitest';
import { collect, spread, type JsonObject } from '@gatewright/core';
import fc from 'fast-check';
import { bare, request, response } from './neutral.test.kit.ts';
import * as spec from './spec.test.kit.ts';
import {
  answerAgain,
  codec,
  decodeRequest,
  decodeStream,
  encodeStream,
  framesOf,
  json,
  refusing,
  requestAgain,
} from './wire.test.kit.ts';

const conforms = (schema: string, value: unknown): void => {
  if (spec.found) expect(spec.violations(schema, value)).toEqual([]);
};

describe(`neutral, written and read${spec.ABSENCE}`, () => {
  test('requests', () => {
    fc.assert(
      fc.property(request, (value) => {
        const body = json(codec.encodeRequest(value, refusing)) as JsonObject;
        conforms('CreateChatCompletionRequest', body);
        expect(bare(decodeRequest(body))).toEqual(bare(value));
      }),
      { numRuns: 120 },
    );
  });

  test('answers', () => {
    fc.assert(
      fc.property(response, (value) => {
        const body = json(codec.encodeResponse(value, refusing)) as JsonObject;
        conforms('CreateChatCompletionResponse', body);
        expect(bare(codec.decodeResponse(body))).toEqual(bare(value));
      }),
      { numRuns: 120 },
    );
  });

  test('streams', () => {
    fc.assert(
      fc.property(response, (value) => {
        const text = encodeStream(spread(value));
        for (const frame of framesOf(text).slice(0, -1)) conforms('CreateChatCompletionStreamResponse', frame);
        expect(bare(collect(decodeStream(Buffer.from(text))))).toEqual(bare(value));
      }),
      { numRuns: 120 },
    );
  });
});

/** Members that a client may send with values of every kind, sensible or not, as far as they are not refused. */
const odd = fc.dictionary(
  fc.oneof(
    fc.string().filter((key) => key !== '__proto__'),
    fc.constantFrom(
      'store',
      'verbosity',
      'prediction',
      'logit_bias',
      'top_logprobs',
      'toString',
      '$spelled',
      'prompt_cache_key',
    ),
  ),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 4 },
);
const nulls = fc.subarray([
  'temperature',
  'n',
  'stop',
  'tools',
  'user',
  'metadata',
  'stream_options',
  'response_format',
  'service_tier',
]);

const safely = (body: JsonObject): boolean => {
  try {
    decodeRequest(body);
    return true;
  } catch {
    return false;
  }
};

describe('wire, read and written', () => {
  const spoilt = (body: unknown, more: JsonObject, empty: readonly string[]): JsonObject =>
    json({ ...more, ...(body as JsonObject), ...Object.fromEntries(empty.map((key) => [key, null])) }) as JsonObject;

  test('requests, with anything beside what is known', () => {
    fc.assert(
      fc.property(request, odd, odd, nulls, (value, more, inMessage, empty) => {
        const body = spoilt(codec.encodeRequest(value, refusing), more, empty);
        const [first, ...others] = body['messages'] as JsonObject[];
        body['messages'] = [json({ ...inMessage, ...first }), ...others];
        fc.pre(safely(body));
        const before = structuredClone(body);
        expect(requestAgain(body)).toEqual(before);
      }),
      { numRuns: 120 },
    );
  });

  test('answers, with anything beside what is known', () => {
    fc.assert(
      fc.property(response, odd, odd, odd, (value, more, inChoice, inMessage) => {
        const body = spoilt(codec.encodeResponse(value, refusing), more, ['usage']);
        const [first, ...others] = body['choices'] as JsonObject[];
        const message = json({ ...inMessage, ...(first?.['message'] as JsonObject) });
        body['choices'] = [json({ ...inChoice, ...first, message }), ...others];
        fc.pre(!('error' in body));
        const before = structuredClone(body);
        expect(answerAgain(body)).toEqual(before);
      }),
      { numRuns: 120 },
    );
  });

  test('a frozen request is read like any other, and none is changed by reading', () => {
    fc.assert(
      fc.property(request, (value) => {
        const body = json(codec.encodeRequest(value, refusing)) as JsonObject;
        const before = structuredClone(body);
        const frozen = deepFreeze(decodeRequest(body));
        expect(json(codec.encodeRequest(frozen, refusing))).toEqual(before);
        expect(body).toEqual(before);
      }),
    );
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(Object.freeze(value))) deepFreeze(inner);
  return value;
}
