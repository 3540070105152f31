/** Embeddings: what is read is written again, what comes from other dialects is asked for, and what is wrong is named. */
import { NO_USAGE, type EmbeddingsRequest, type EmbeddingsResponse, type JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { embedCodec } from './embed-codec.ts';
import { ABSENCE, found, recordedEmbeddings } from './recordings.test.kit.ts';
import { complete, dropping } from './wire.test.kit.ts';

const codec = embedCodec('search_document');
const context = { headers: {} };
const text = fc.string({ maxLength: 8 });
const url = fc.constantFrom('data:image/png;base64,AAAA', 'https://example.com/a.png');
const block = fc.oneof(
  fc.record(
    { type: fc.constant('text'), text, novelty: text },
    { requiredKeys: ['type', 'text'], noNullPrototype: true },
  ),
  fc.record(
    { type: fc.constant('image_url'), image_url: fc.record({ url }, { noNullPrototype: true }) },
    { noNullPrototype: true },
  ),
  fc.record({ type: fc.constant('novel'), more: text }, { noNullPrototype: true }),
);
const item = fc.record(
  { content: fc.array(block, { maxLength: 3 }), novelty: text },
  { requiredKeys: ['content'], noNullPrototype: true },
);
const inputs = fc.oneof(
  fc.record({ texts: fc.array(text, { maxLength: 3 }) }),
  fc.record({ images: fc.array(url, { minLength: 1, maxLength: 2 }) }),
  fc.record({ inputs: fc.array(item, { maxLength: 3 }) }),
);
const types = fc.uniqueArray(fc.constantFrom('float', 'base64', 'int8', 'uint8', 'binary', 'ubinary', 'novel'));
const settings = fc.record(
  {
    input_type: fc.constantFrom('search_document', 'search_query', 'classification', 'clustering', 'image', 'novel'),
    embedding_types: types,
    output_dimension: fc.nat(),
    truncate: fc.constantFrom('NONE', 'START', 'END', 'MIDDLE'),
    max_tokens: fc.nat(),
    priority: fc.nat(2),
    novelty: fc.oneof(text, fc.constant(null)),
  },
  { requiredKeys: [], noNullPrototype: true },
);

test('requests are written as they were read', () => {
  fc.assert(
    fc.property(inputs, settings, (what, how) => {
      const body: JsonObject = { model: 'm', ...what, ...how };
      expect(codec.encodeRequest(codec.decodeRequest(body, context), complete('m'))).toEqual(body);
    }),
    { numRuns: 400 },
  );
});

describe.skipIf(!found)(`recorded embeddings${ABSENCE}`, () => {
  test.each(recordedEmbeddings())('$name is written as it was', ({ value }) => {
    const response = codec.decodeResponse(value);
    expect(codec.encodeResponse(response, complete())).toEqual(value);
    expect(response.embeddings).toHaveLength(2);
    expect(response.usage).toMatchObject({ input: 10, output: 0 });
    const summary = codec.summarize(outlineOf(Buffer.from(JSON.stringify(value))));
    expect(summary).toEqual({ id: response.id, usage: response.usage });
  });
});

test('answers of each kind are written as they were read', () => {
  const meta = { api_version: { version: '2' }, billed_units: { image_tokens: 7, images: 1 }, warnings: ['old'] };
  const body = {
    id: 'a',
    embeddings: { int8: [[1], [2]], base64: ['AAAA', 'BBBB'] },
    images: [{ width: 1 }],
    meta,
    x: 1,
  };
  const response = codec.decodeResponse(body);
  expect(response.embeddings).toEqual([
    { int8: [1], base64: 'AAAA' },
    { int8: [2], base64: 'BBBB' },
  ]);
  expect(response.usage).toMatchObject({ input: 0, imageInput: 7 });
  expect(codec.encodeResponse(response, complete())).toEqual(body);
  const older = { id: 'b', embeddings: [[0.5]], response_type: 'embeddings_floats' };
  expect(codec.encodeResponse(codec.decodeResponse(older), complete())).toEqual(older);
});

describe('requests of other dialects', () => {
  const plain: EmbeddingsRequest = { model: 'x', inputs: [{ kind: 'text', text: 'a' }] };
  const encode = (more: Partial<EmbeddingsRequest>, to = complete()) => codec.encodeRequest({ ...plain, ...more }, to);

  test('have the input type that the configuration says, unless they say it themselves', () => {
    expect(encode({})).toEqual({
      model: 'command-test',
      texts: ['a'],
      input_type: 'search_document',
      embedding_types: ['float'],
    });
    expect(encode({ purpose: 'query', truncate: 'start', dimensions: 256 })).toMatchObject({
      input_type: 'search_query',
      truncate: 'START',
      output_dimension: 256,
    });
    const image = { type: 'image' as const, source: { kind: 'base64' as const, mediaType: 'image/png', data: 'AA==' } };
    expect(encode({ inputs: [{ kind: 'parts', parts: [image] }] })).toMatchObject({
      images: ['data:image/png;base64,AA=='],
      input_type: 'image',
    });
    const mixed = { kind: 'parts' as const, parts: [{ type: 'text' as const, text: 'b' }, image] };
    expect(encode({ inputs: [{ kind: 'text', text: 'a' }, mixed] })).toMatchObject({
      inputs: [
        { content: [{ type: 'text', text: 'a' }] },
        {
          content: [
            { type: 'text', text: 'b' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
          ],
        },
      ],
    });
  });

  test('that want base64 are given numbers to make it of', () => {
    expect(encode({ formats: ['base64', 'float', 'int8'] })).toMatchObject({ embedding_types: ['float', 'int8'] });
  });

  test.each<[string, Partial<EmbeddingsRequest>]>([
    ['input.0', { inputs: [{ kind: 'tokens', tokens: [1] }] }],
    ['purpose', { purpose: 'similarity' }],
    ['title', { title: 'A' }],
    [
      'input.0.0',
      { inputs: [{ kind: 'parts', parts: [{ type: 'image', source: { kind: 'url', url: 'https://a.b' } }] }] },
    ],
  ])('cannot have %s', (field, more) => {
    const notes = dropping();
    encode(more, notes);
    expect(notes.dropped).toEqual([field]);
  });
});

describe('answers of other dialects', () => {
  const answer: EmbeddingsResponse = {
    id: 'e1',
    model: 'm',
    embeddings: [{ float: [0.5, -1] }],
    usage: { ...NO_USAGE, input: 3 },
  };

  test('are in the types that were asked for, and repeat the texts', () => {
    const request = { model: 'm', inputs: [{ kind: 'text', text: 'a' }], formats: ['float', 'base64'] };
    expect(codec.encodeResponse(answer, complete('m', request))).toEqual({
      id: 'e1',
      embeddings: { float: [[0.5, -1]], base64: ['AAAAPwAAgL8='] },
      texts: ['a'],
      meta: { api_version: { version: '2' }, billed_units: { input_tokens: 3 } },
      response_type: 'embeddings_by_type',
    });
  });

  test('without vectors of a type that was asked for say so', () => {
    const notes = dropping('m', { model: 'm', inputs: [], formats: ['int8'] });
    expect(codec.encodeResponse(answer, notes)).toMatchObject({ embeddings: {} });
    expect(notes.dropped).toEqual(['embedding_types.int8']);
  });
});

describe('what is wrong', () => {
  test.each<[string, JsonObject]>([
    ['texts', { model: 'm' }],
    ['texts.1', { model: 'm', texts: ['a', 1] }],
    ['images', { model: 'm', texts: ['a'], images: ['b'] }],
    ['inputs.0.content', { model: 'm', inputs: [{}] }],
    ['inputs.0.content', { model: 'm', inputs: [{ content: 'x', more: 1 }] }],
    ['model', { texts: [] }],
    ['output_dimension', { model: 'm', texts: [], output_dimension: -1 }],
  ])('in a request is named: %s', (param, body) => {
    expect(() => codec.decodeRequest(body, context)).toThrow(
      expect.objectContaining({ code: 'GW_BAD_REQUEST', details: expect.objectContaining({ param }) as unknown }),
    );
  });

  test.each<[string, JsonObject]>([
    ['no vectors', { id: '1' }],
    ['no type', { id: '1', embeddings: {} }],
    ['types that differ in number', { id: '1', embeddings: { float: [[1]], int8: [] } }],
    ['a vector that is none', { id: '1', embeddings: { float: ['AAAA'] } }],
  ])('in an answer is the provider’s fault: %s', (_what, body) => {
    expect(() => codec.decodeResponse(body)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });

  test('an error in the place of an answer is one', () => {
    const summary = codec.summarize(outlineOf(Buffer.from('{"id":"1","message":"invalid api token"}')));
    expect(summary.error).toMatchObject({ message: 'invalid api token', code: 'invalid_api_key' });
  });
});
