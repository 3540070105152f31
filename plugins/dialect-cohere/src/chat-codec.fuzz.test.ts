/** Whatever a provider sends: it is read, or it is the provider's fault; nothing else is thrown. */
import { isGatewayError } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embedCodec } from './embed-codec.ts';
import { rerankCodec } from './rerank-codec.ts';
import { codec, complete, dropping, eachFrame, sse, stream } from './wire.test.kit.ts';

const RUNS = { numRuns: 500 };
/** No name that the outline of a body refuses, whatever the dialect. */
const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('__proto__'));
const keyed = (...keys: string[]) => fc.dictionary(fc.constantFrom(...keys), json, { noNullPrototype: true });

/** Runs a reader; only a GatewayError of this code may come of it. */
function read(code: string, reader: () => unknown): void {
  try {
    reader();
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    expect(error.code).toBe(code);
  }
}

const message = keyed('role', 'content', 'tool_plan', 'tool_calls', 'citations');
const answer = fc.record(
  { id: json, message: fc.oneof(message, json), finish_reason: json, usage: json, logprobs: json },
  { requiredKeys: [], noNullPrototype: true },
);

test('whole answers', () => {
  fc.assert(
    fc.property(answer, (body) => {
      read('GW_UPSTREAM_INVALID', () => codec.encodeResponse(codec.decodeResponse(body), complete()));
      codec.summarize(outlineOf(Buffer.from(JSON.stringify(body))));
    }),
    RUNS,
  );
});

const types = fc.constantFrom(
  'message-start',
  'content-start',
  'content-delta',
  'content-end',
  'tool-plan-delta',
  'tool-call-start',
  'tool-call-delta',
  'citation-start',
  'message-end',
  'debug',
  'error',
);
const delta = fc.oneof(fc.record({ message: fc.oneof(message, json) }), keyed('finish_reason', 'usage', 'error'), json);
const event = fc.record(
  { type: types, index: fc.oneof(fc.nat(2), json), delta, id: json },
  { requiredKeys: ['type'], noNullPrototype: true },
);

test('streams, which the observer sees without ever failing', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), (events) => {
      const decoder = stream.decoder();
      const encoder = stream.encoder(dropping());
      const observer = stream.observer({ dropUsage: false });
      eachFrame(sse(events), (frame) => {
        expect(observer.see(frame)).toBeTypeOf('number');
        read('GW_UPSTREAM_INVALID', () => decoder.push(frame).map((one) => encoder.push(one)));
      });
      expect(observer.summary).toBeTypeOf('object');
    }),
    RUNS,
  );
});

test('embeddings and reranks', () => {
  const embed = embedCodec('search_document');
  fc.assert(
    fc.property(
      keyed('id', 'embeddings', 'meta', 'texts', 'results', 'usage', 'tokens', 'model', 'message'),
      (body) => {
        read('GW_UPSTREAM_INVALID', () => embed.encodeResponse(embed.decodeResponse(body), dropping()));
        read('GW_UPSTREAM_INVALID', () => rerankCodec.encodeResponse(rerankCodec.decodeResponse(body), dropping()));
        const outline = outlineOf(Buffer.from(JSON.stringify(body)));
        expect([embed.summarize(outline), rerankCodec.summarize(outline)]).toHaveLength(2);
      },
    ),
    RUNS,
  );
});

test('errors', () => {
  fc.assert(
    fc.property(fc.oneof(json, fc.string()), (body) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const error = codec.decodeError(500, Buffer.from(text));
      expect(error.message).not.toBe('');
    }),
    RUNS,
  );
});
