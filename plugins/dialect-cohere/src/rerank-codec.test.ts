/** Reranks: what is read is written again, what comes from other places is understood, and what is wrong is named. */
import { NO_USAGE, type JsonObject, type RerankResponse } from '@gatewright/core';
import { applyEdits, outlineOf } from '@gatewright/core/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ABSENCE, found, recordedReranks } from './recordings.test.kit.ts';
import { rerankCodec as codec } from './rerank-codec.ts';
import { complete } from './wire.test.kit.ts';

const context = { headers: {} };
const text = fc.string({ maxLength: 8 });
const document = fc.oneof(text, fc.record({ text, title: text }, { requiredKeys: ['text'], noNullPrototype: true }));
const body = fc.record(
  {
    model: text,
    query: text,
    documents: fc.array(document, { maxLength: 4 }),
    top_n: fc.nat(),
    return_documents: fc.boolean(),
    rank_fields: fc.array(text, { maxLength: 2 }),
    max_tokens_per_doc: fc.nat(),
    max_chunks_per_doc: fc.nat(),
    truncation: fc.boolean(),
    priority: fc.nat(2),
    novelty: fc.oneof(text, fc.constant(null)),
  },
  { requiredKeys: ['model', 'query', 'documents'], noNullPrototype: true },
);

test('requests are written as they were read', () => {
  fc.assert(
    fc.property(body, (value) => {
      expect(codec.encodeRequest(codec.decodeRequest(value, context), complete(value.model))).toEqual(value);
    }),
    { numRuns: 400 },
  );
});

test('clients of other rerankers call the number of results otherwise, and servers do not', () => {
  const value = { model: 'm', query: 'q', documents: ['top_k'], top_k: 3 };
  const request = codec.decodeRequest(value, context);
  expect(request).toMatchObject({ topN: 3 });
  const sent = { model: 'x', query: 'q', documents: ['top_k'], top_n: 3 };
  expect(codec.encodeRequest(request, complete('x'))).toEqual(sent);
  const bytes = Buffer.from(JSON.stringify(value));
  const { edits } = codec.editRequest(outlineOf(bytes), { model: 'x', usage: false });
  expect(JSON.parse(applyEdits(bytes, edits).toString())).toEqual(sent);
  const both = outlineOf(Buffer.from('{"model":"x","top_k":1,"top_n":2}'));
  expect(codec.editRequest(both, { model: 'x', usage: false }).edits).toEqual([]);
});

describe.skipIf(!found)(`recorded reranks${ABSENCE}`, () => {
  test('there are those of more than one server', () => {
    expect(recordedReranks().length).toBeGreaterThan(1);
  });

  test.each(recordedReranks())('$name is written as it was', ({ value }) => {
    const response = codec.decodeResponse(value);
    expect(codec.encodeResponse(response, complete(response.model))).toEqual(value);
    const scores = response.results.map(({ relevanceScore }) => relevanceScore);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(codec.summarize(outlineOf(Buffer.from(JSON.stringify(value)))).usage).toEqual(response.usage);
  });
});

test('what the API bills are searches, and what the servers that follow it count are tokens', () => {
  const results = [{ index: 0, relevance_score: 0.5 }];
  const meta = { api_version: { version: '2' }, billed_units: { search_units: 2 } };
  expect(codec.decodeResponse({ results, meta }).usage).toMatchObject({ input: 0, units: { searches: 2 } });
  const jina = codec.decodeResponse({ model: 'jina', results, usage: { total_tokens: 9 } });
  expect([jina.model, jina.usage?.input]).toEqual(['jina', 9]);
  expect(codec.decodeResponse({ results, tokens: { input_tokens: 7, output_tokens: 0 } }).usage).toMatchObject({
    input: 7,
  });
  const routed = { results, usage: { search_units: 1, total_tokens: 150 } };
  expect(codec.decodeResponse(routed).usage).toMatchObject({ input: 0, units: { searches: 1 } });
  expect(codec.encodeResponse(codec.decodeResponse(routed), complete())).toEqual(routed);
});

describe('answers of other dialects', () => {
  const answer: RerankResponse = {
    id: 'r1',
    model: 'm',
    results: [{ index: 1, relevanceScore: 0.9 }],
    usage: { ...NO_USAGE, units: { searches: 1 } },
  };
  const request = { model: 'm', query: 'q', documents: ['a', 'b'] };

  test('have the form of the API', () => {
    expect(codec.encodeResponse(answer, complete('m', request))).toEqual({
      id: 'r1',
      results: [{ index: 1, relevance_score: 0.9 }],
      meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
    });
  });

  test('have the documents where they were asked for', () => {
    const encoded = codec.encodeResponse(answer, complete('m', { ...request, returnDocuments: true }));
    expect(encoded['results']).toEqual([{ index: 1, relevance_score: 0.9, document: { text: 'b' } }]);
  });

  test('tell tokens where those are what was counted', () => {
    const counted = { ...answer, usage: { ...NO_USAGE, input: 12 } };
    expect(codec.encodeResponse(counted, complete('m', request))).toMatchObject({
      meta: { billed_units: { input_tokens: 12 } },
    });
  });
});

describe('what is wrong', () => {
  test.each<[string, JsonObject]>([
    ['query', { model: 'm', documents: [] }],
    ['documents', { model: 'm', query: 'q' }],
    ['documents.1', { model: 'm', query: 'q', documents: ['a', 1] }],
    ['model', { query: 'q', documents: [] }],
    ['top_n', { model: 'm', query: 'q', documents: [], top_n: -1 }],
    ['return_documents', { model: 'm', query: 'q', documents: [], return_documents: 'yes' }],
  ])('in a request is named: %s', (param, value) => {
    expect(() => codec.decodeRequest(value, context)).toThrow(
      expect.objectContaining({ code: 'GW_BAD_REQUEST', details: expect.objectContaining({ param }) as unknown }),
    );
  });

  test.each<[string, JsonObject]>([
    ['no results', { id: '1' }],
    ['a result without its place', { results: [{ relevance_score: 1 }] }],
    ['a score that is none', { results: [{ index: 0, relevance_score: 'high' }] }],
  ])('in an answer is the provider’s fault: %s', (_what, value) => {
    expect(() => codec.decodeResponse(value)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });

  test.each([
    ['{"id":"1","message":"invalid request"}', 'invalid request'],
    ['{"detail":"No such model."}', 'No such model.'],
  ])('an error in the place of an answer is one: %s', (value, message) => {
    expect(codec.summarize(outlineOf(Buffer.from(value))).error).toMatchObject({ message });
  });
});
