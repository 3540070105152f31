/** Nothing is lost: what was read is written as it was, and what is written says the same in one piece and as a stream. */
import { describe, expect, test } from 'vitest';
import { collect, spread, type ChatResponse, type JsonObject, type Part } from '@gatewright/core';
import fc from 'fast-check';
import * as spec from '../spec.test.kit.ts';
import { response } from './neutral.test.kit.ts';
import { answerBody, requestBody } from './wire-values.test.kit.ts';
import {
  answerAgain,
  codec,
  decodeStream,
  dropping,
  encodeStream,
  eventsOf,
  json,
  refusing,
  requestAgain,
} from './wire.test.kit.ts';

const conforms = (schema: string, value: unknown): void => {
  if (spec.found) expect(spec.violations(schema, value)).toEqual([]);
};

describe('read, and written again', () => {
  test('requests', () => {
    fc.assert(
      fc.property(requestBody, (body) => {
        expect(requestAgain(body)).toEqual(body);
      }),
      { numRuns: 300 },
    );
  });

  test('answers', () => {
    fc.assert(
      fc.property(answerBody, (body) => {
        expect(answerAgain(body)).toEqual(body);
      }),
      { numRuns: 300 },
    );
  });
});

/** What an answer says, whoever said it: texts in a row are one. */
function saying({ id, candidates, usage }: ChatResponse): unknown {
  const parts = candidates[0]?.parts.map(({ type, ...part }: Part) => {
    const { rest: _rest, citations: _citations, ...kept } = part as JsonObject;
    return { type, ...kept };
  });
  const { raw: _raw, ...counts } = usage ?? { raw: undefined };
  return { id: id === '' ? '' : id.replace(/^resp_gw_/, ''), parts, counts, reason: candidates[0]?.stop?.reason };
}

describe(`neutral, written and read${spec.ABSENCE}`, () => {
  test('answers', () => {
    fc.assert(
      fc.property(response, (value) => {
        const body = json(codec.encodeResponse(value, refusing)) as JsonObject;
        conforms('Response', body);
        expect(saying(codec.decodeResponse(body))).toEqual(saying(value));
      }),
      { numRuns: 150 },
    );
  });

  test('streams', () => {
    fc.assert(
      fc.property(response, (value) => {
        const events = eventsOf(encodeStream(spread(value)));
        for (const event of events) conforms('ResponseStreamEvent', event);
        expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index));
        const whole = codec.encodeResponse(value, { ...dropping(), model: 'm' });
        expect(json(events.at(-1)?.['response'])).toEqual(json(whole));
        const read = collect(decodeStream(Buffer.from(encodeStream(spread(value)))));
        expect(read.candidates[0]?.stop?.reason).toBe(value.candidates[0]?.stop?.reason);
      }),
      { numRuns: 150 },
    );
  });
});
