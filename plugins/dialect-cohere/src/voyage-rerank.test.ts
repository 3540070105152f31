/** Reranks in Voyage's form: what is asked, what was recorded, and what cannot be said. */
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { rerankCodec as cohere } from './rerank-codec.ts';
import { ABSENCE, found, recordedDataReranks } from './recordings.test.kit.ts';
import { voyageRerankDialect } from './voyage-rerank.ts';
import { complete, dropping } from './wire.test.kit.ts';

const { codec } = voyageRerankDialect;
const asked = { model: 'm', query: 'q', documents: ['a', 'b'] };

describe('a request', () => {
  test('calls the number of results otherwise, and has texts for documents', () => {
    const request = cohere.decodeRequest(
      { ...asked, documents: ['a', { text: 'b' }], top_n: 2, return_documents: true, truncation: false },
      { headers: {} },
    );
    expect(codec.encodeRequest(request, complete('rerank-2.5'))).toEqual({
      model: 'rerank-2.5',
      query: 'q',
      documents: ['a', 'b'],
      top_k: 2,
      return_documents: true,
      truncation: false,
    });
  });

  test.each([
    ['rank_fields', { rankFields: ['title'] }],
    ['max_tokens_per_doc', { maxTokensPerDocument: 10 }],
    ['documents.1', { documents: ['a', { text: 'b', title: 'c' }] }],
    ['documents.0', { documents: [{ title: 'c' }] }],
  ])('does not lose %s silently', (field, more) => {
    const context = dropping();
    const told: string[] = [];
    codec.encodeRequest(
      { ...asked, ...more },
      { ...context, unsupported: (name, reason) => void told.push(`${name}: ${reason}`) },
    );
    expect(told).toEqual([expect.stringMatching(new RegExp(`^${field}: .`))]);
  });
});

describe('an answer', () => {
  test.skipIf(!found)(`as it was recorded is read, and written as Cohere writes${ABSENCE}`, () => {
    const [recorded] = recordedDataReranks();
    if (recorded === undefined) throw new Error('There is no such recording.');
    const response = codec.decodeResponse(recorded.value);
    expect(response.results.map(({ index, relevanceScore }) => [index, relevanceScore])).toEqual([
      [1, 0.5703125],
      [0, 0.255859375],
    ]);
    expect([response.model, response.usage?.input]).toEqual(['rerank-2.5', 12]);
    expect(codec.summarize(outlineOf(Buffer.from(JSON.stringify(recorded.value))))).toMatchObject({
      model: 'rerank-2.5',
      usage: { input: 12 },
    });
    expect(codec.encodeResponse(response, complete('rerank-2.5'))).toEqual(recorded.value);
    expect(cohere.encodeResponse(response, complete('rerank-2.5', asked))['results']).toEqual(recorded.value['data']);
  });

  test('comes best first, whatever its order', () => {
    const data = [0.1, 0.9, 0.5].map((score, index) => ({ index, relevance_score: score, document: `d${index}` }));
    const { results } = codec.decodeResponse({ object: 'list', data, model: 'm' });
    expect(results.map(({ index }) => index)).toEqual([1, 2, 0]);
    expect(results[0]?.document).toBe('d1');
  });

  test.each([[{ results: [] }], [{ data: 'none' }], [{ data: [{ index: 0 }] }]])('%j is none', (body) => {
    expect(() => codec.decodeResponse(body)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });

  test('that is an error is one', () => {
    const body = outlineOf(Buffer.from('{"detail":"Model x is not supported."}'));
    expect(codec.summarize(body).error?.message).toBe('Model x is not supported.');
    expect(codec.decodeError(400, body.bytes)).toMatchObject({ message: 'Model x is not supported.' });
  });
});
