/** Embeddings: what other dialects ask for is written or told, and answers come in the format that was asked for. */
import { base64Of, NO_USAGE, type EmbeddingsRequest, type EncodeContext } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { embeddingsCodec, floatEmbeddingsCodec } from './codec.ts';

interface Listening extends EncodeContext {
  readonly said: string[];
}

function listening(asked?: Partial<EmbeddingsRequest>): Listening {
  const said: string[] = [];
  return {
    model: 'm',
    said,
    unsupported: (field) => void said.push(`no ${field}`),
    warn: (field) => void said.push(`without ${field}`),
    ...(asked === undefined ? {} : { request: () => asked as never }),
  };
}

const decode = (body: object): EmbeddingsRequest => embeddingsCodec.decodeRequest({ ...body }, { headers: {} });

describe('a request of another dialect', () => {
  const text = { kind: 'text', text: 'a' } as const;
  const image = { type: 'image', source: { kind: 'url', url: 'https://x.example/y.png' } } as const;

  test('is written as the API has it', () => {
    const context = listening();
    const request: EmbeddingsRequest = {
      model: 'x',
      inputs: [text, { kind: 'parts', parts: [{ type: 'text', text: 'b' }] }],
      dimensions: 8,
      formats: ['float', 'base64'],
      truncate: 'none',
      endUser: 'ada',
    };
    expect(embeddingsCodec.encodeRequest(request, context)).toEqual({
      model: 'm',
      input: ['a', 'b'],
      dimensions: 8,
      user: 'ada',
    });
    expect(context.said).toEqual([]);
  });

  test.each<[string, Partial<EmbeddingsRequest>, string]>([
    ['a purpose', { purpose: 'query' }, 'without input_type'],
    ['a title', { title: 'T' }, 'without title'],
    ['quantised vectors', { formats: ['float', 'int8'] }, 'no embedding_types'],
    ['a cut', { truncate: 'end' }, 'no truncate'],
    ['an image', { inputs: [text, { kind: 'parts', parts: [image] }] }, 'no input[1]'],
    ['a field of its own', { rest: { dialect: 'acme', fields: { late: 1, $note: 1 } } }, 'no late'],
  ])('with %s is told of it', (_what, more, said) => {
    const context = listening();
    embeddingsCodec.encodeRequest({ model: 'x', inputs: [text], ...more }, context);
    expect(context.said).toEqual([said]);
  });
});

test('nothing is streamed, whatever is asked', () => {
  const outline = outlineOf(Buffer.from('{"model":"m","input":"a","stream":true}'), 64);
  expect(embeddingsCodec.readHead(outline)).toEqual({ model: 'm', stream: false });
});

describe('a request of this dialect', () => {
  test.each([
    [{ model: 'm', input: 'a', encoding_format: 'base64', dimensions: 4, user: 'u' }],
    [{ model: 'm', input: ['a'] }],
    [{ model: 'm', input: [1, 2] }],
    [{ model: 'm', input: [[1], [2]], input_type: 'passage', truncate: 'END' }],
    [{ model: 'm', input: [{ text: 'a' }, { image: 'https://x.example/y.png' }], late: { a: [1] } }],
  ])('comes back the same: %j', (body) => {
    const context = listening();
    const written = embeddingsCodec.encodeRequest(decode(body), context);
    const texts = Array.isArray(body.input) && typeof body.input[0] === 'object' && 'text' in body.input[0];
    expect(written).toEqual(texts ? { ...body, input: ['a', body.input[1]] } : body);
    expect(context.said).toEqual([]);
  });

  test('says what its texts are for, in the words of several servers', () => {
    const purposes = ['query', 'search_query', 'passage', 'search_document', 'clustering', 'other'];
    expect(purposes.map((word) => decode({ model: 'm', input: 'a', input_type: word }).purpose)).toEqual([
      'query',
      'query',
      'document',
      'document',
      'clustering',
      undefined,
    ]);
  });

  test('does not ask a server for base64 that has none', () => {
    const request = decode({ model: 'm', input: 'a', encoding_format: 'base64', late: 1 });
    expect(floatEmbeddingsCodec.encodeRequest(request, listening())).toEqual({ model: 'm', input: 'a', late: 1 });
  });
});

describe('an answer', () => {
  const embeddings = [{ float: [1, -2.5] }, { base64: base64Of([3]) }];
  const response = { id: 'x', model: 'y', embeddings, usage: { ...NO_USAGE, input: 3, imageInput: 2 } };
  const vectors = (asked: Partial<EmbeddingsRequest>): unknown[] => {
    const { data } = embeddingsCodec.encodeResponse(response, listening(asked)) as { data: { embedding: unknown }[] };
    return data.map(({ embedding }) => embedding);
  };

  test('has the format that the client asked for', () => {
    expect(vectors({})).toEqual([[1, -2.5], [3]]);
    expect(vectors({ formats: ['base64'] })).toEqual([base64Of([1, -2.5]), base64Of([3])]);
  });

  test('has its model and usage, and no id, which the API has not', () => {
    const body = embeddingsCodec.encodeResponse(response, listening({}));
    expect(body).toMatchObject({ object: 'list', model: 'm', usage: { prompt_tokens: 5, total_tokens: 5 } });
    expect(body).not.toHaveProperty('id');
    const { usage: _none, ...uncounted } = response;
    expect(embeddingsCodec.encodeResponse(uncounted, listening({}))['usage']).toEqual({
      prompt_tokens: 0,
      total_tokens: 0,
    });
  });

  test('with vectors that cannot be converted is the provider’s fault', () => {
    const quantised = { ...response, embeddings: [{ int8: [1] }] };
    const invalid = expect.objectContaining({ code: 'GW_UPSTREAM_INVALID', message: expect.stringContaining('int8') });
    expect(() => embeddingsCodec.encodeResponse(quantised, listening({}))).toThrow(invalid);
  });

  test.each([
    [{ prompt_tokens: 7, total_tokens: 7 }, { input: 7 }],
    [{ total_tokens: 9 }, { input: 9 }],
    [
      { prompt_tokens: 10, total_tokens: 10, prompt_tokens_details: { image_tokens: 6 } },
      { input: 4, imageInput: 6 },
    ],
  ])('counts %j', (usage, counted) => {
    const outline = outlineOf(Buffer.from(JSON.stringify({ model: 'y', data: [], usage })), 64);
    expect(embeddingsCodec.summarize(outline)).toMatchObject({ model: 'y', usage: counted });
  });

  test.each([[{}], [{ data: {} }], [{ data: [5] }], [{ data: [{ embedding: {} }] }]])('%j is none', (body) => {
    expect(() => embeddingsCodec.decodeResponse(body)).toThrow(
      expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }),
    );
  });
});
