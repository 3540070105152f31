/** Embeddings: what comes in this dialect goes out the same, and what it cannot say is said. */
import type { EmbeddingsRequest, EncodeContext } from '@gatewright/core';
import { applyEdits, outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { batchEmbedCodec, embedCodec } from './embed.ts';

function contextOf(): EncodeContext & { said: string[] } {
  const said: string[] = [];
  return {
    model: 'gemini-embedding-001',
    said,
    unsupported: (field) => void said.push(`no ${field}`),
    warn: (field) => void said.push(`without ${field}`),
  };
}

const DECODE = { headers: {}, model: 'embed' };
const MODEL = 'models/gemini-embedding-001';

describe('a request', () => {
  test.each([
    ['the settings of old', { taskType: 'RETRIEVAL_DOCUMENT', title: 'A title', outputDimensionality: 64 }],
    ['the settings of new', { embedContentConfig: { taskType: 'CLUSTERING', autoTruncate: false, documentOcr: true } }],
    ['a task that is none', { taskType: 'TASK_TYPE_UNSPECIFIED' }],
    ['a field that nobody knows', { later: { a: 1 } }],
  ])('for one content with %s comes back the same', (what, settings) => {
    const body = { content: { role: 'user', parts: [{ text: 'Hello' }] }, ...settings };
    const context = contextOf();
    const written = embedCodec.encodeRequest(embedCodec.decodeRequest(body, DECODE), context);
    expect(written).toEqual(what === 'a task that is none' ? { content: body.content } : body);
    expect(context.said).toEqual([]);
  });

  test('of a batch comes back the same, also where its requests differ', () => {
    const content = (text: string) => ({ parts: [{ text }] });
    const requests = [
      { model: 'models/embed', content: content('a'), taskType: 'RETRIEVAL_QUERY', outputDimensionality: 8 },
      { model: 'models/embed', content: content('b'), taskType: 'CLUSTERING', outputDimensionality: 8 },
    ];
    const request = batchEmbedCodec.decodeRequest({ requests }, DECODE);
    expect(request).toMatchObject({ dimensions: 8, rest: { fields: { taskType: ['RETRIEVAL_QUERY', 'CLUSTERING'] } } });
    expect(request.purpose).toBeUndefined();
    expect(batchEmbedCodec.encodeRequest(request, contextOf())).toEqual({
      requests: requests.map((one) => Object.assign({}, one, { model: MODEL })),
    });
  });

  test('is read: text, images, purpose, size', () => {
    const parts = [{ text: 'A cat:' }, { inline_data: { mime_type: 'image/png', data: 'AAAA' } }];
    const request = embedCodec.decodeRequest({ content: { parts }, task_type: 'RETRIEVAL_QUERY' }, DECODE);
    expect(request).toMatchObject({
      model: 'embed',
      purpose: 'query',
      inputs: [
        {
          kind: 'parts',
          parts: [
            { type: 'text', text: 'A cat:' },
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
          ],
        },
      ],
    });
  });

  test('of another dialect is written, each input in a request of its own', () => {
    const context = contextOf();
    const request: EmbeddingsRequest = {
      model: 'm',
      inputs: [
        { kind: 'text', text: 'a' },
        { kind: 'parts', parts: [{ type: 'text', text: 'b' }] },
      ],
      dimensions: 32,
      formats: ['base64'],
      purpose: 'document',
      truncate: 'end',
    };
    const settings = { taskType: 'RETRIEVAL_DOCUMENT', outputDimensionality: 32 };
    expect(batchEmbedCodec.encodeRequest(request, context)).toEqual({
      requests: ['a', 'b'].map((text) => Object.assign({ content: { parts: [{ text }] }, model: MODEL }, settings)),
    });
    expect(context.said).toEqual([]);
  });

  test('of another dialect that must not be cut says so in the form that can', () => {
    const request: EmbeddingsRequest = {
      model: 'm',
      inputs: [{ kind: 'text', text: 'a' }],
      truncate: 'none',
      dimensions: 4,
    };
    expect(embedCodec.encodeRequest(request, contextOf())).toEqual({
      content: { parts: [{ text: 'a' }] },
      embedContentConfig: { outputDimensionality: 4, autoTruncate: false },
    });
  });

  test.each([
    ['token ids', { inputs: [{ kind: 'tokens', tokens: [1] }] }, 'no input[0]'],
    ['quantised vectors', { formats: ['int8'] }, 'no embedding_types'],
    ['a cut at the start', { truncate: 'start' }, 'no truncate'],
    ['an end user', { endUser: 'ada' }, 'without user'],
    ['a field of another dialect', { rest: { dialect: 'acme', fields: { late: 1, $note: 2 } } }, 'no late'],
  ] as const)('with %s is told of it', (_what, more, said) => {
    const context = contextOf();
    const request = { model: 'm', inputs: [{ kind: 'text', text: 'a' }], ...more } as EmbeddingsRequest;
    batchEmbedCodec.encodeRequest(request, context);
    expect(context.said).toEqual([said]);
  });

  test('for one content cannot have two', () => {
    const context = contextOf();
    const text = { kind: 'text', text: 'a' } as const;
    embedCodec.encodeRequest({ model: 'm', inputs: [text, text] }, context);
    expect(context.said).toEqual(['no input']);
  });

  test.each([
    [embedCodec, {}, 'content'],
    [embedCodec, { content: { parts: [] } }, 'content.parts'],
    [embedCodec, { content: { parts: [{ text: 5 }] } }, 'content.parts[0].text'],
    [embedCodec, { content: { parts: [{ text: 'a' }] }, outputDimensionality: 0 }, 'outputDimensionality'],
    [batchEmbedCodec, {}, 'requests'],
    [batchEmbedCodec, { requests: [{ content: 5 }] }, 'requests[0].content'],
  ] as const)('that is none is refused with its place: %#', (codec, body, param) => {
    const refused = { code: 'GW_BAD_REQUEST', details: expect.objectContaining({ param }) };
    expect(() => codec.decodeRequest(body, DECODE)).toThrow(expect.objectContaining(refused));
  });
});

test('the bytes of a batch are changed where they name the model, and nowhere where they name the right one', () => {
  const bytes = Buffer.from('{ "requests": [{"model":"models/embed","content":{"parts":[{"text":"a"}]}}], "x": 1 }');
  const outline = outlineOf(bytes, 64);
  const change = { model: 'gemini-embedding-001', usage: false };
  const { edits } = batchEmbedCodec.editRequest(outline, change);
  expect(applyEdits(bytes, edits).toString()).toBe(
    `{ "requests": [{"model":"${MODEL}","content":{"parts":[{"text":"a"}]}}], "x": 1 }`,
  );
  expect(batchEmbedCodec.editRequest(outline, { ...change, model: 'embed' }).edits).toEqual([]);
});

describe('an answer', () => {
  const one = { embedding: { values: [0.5, -1], shape: [2] }, usageMetadata: { promptTokenCount: 3 }, later: true };
  const batch = { embeddings: [{ values: [1] }, { values: [2] }] };

  test('comes back the same', () => {
    expect(embedCodec.encodeResponse(embedCodec.decodeResponse(one), contextOf())).toEqual(one);
    expect(batchEmbedCodec.encodeResponse(batchEmbedCodec.decodeResponse(batch), contextOf())).toEqual(batch);
  });

  test('tells what it cost, each kind of input apart', () => {
    const details = [
      { modality: 'TEXT', tokenCount: 4 },
      { modality: 'IMAGE', tokenCount: 258 },
    ];
    const usageMetadata = { promptTokenCount: 262, promptTokenDetails: details };
    const outline = outlineOf(Buffer.from(JSON.stringify({ ...one, usageMetadata })), 64);
    expect(embedCodec.summarize(outline).usage).toMatchObject({ input: 4, imageInput: 258 });
  });

  test('of another dialect is written as numbers', () => {
    const response = {
      id: '',
      model: 'm',
      embeddings: [{ base64: Buffer.from('0000803f', 'hex').toString('base64') }],
    };
    expect(embedCodec.encodeResponse(response, contextOf())).toEqual({ embedding: { values: [1] } });
    const quantised = { ...response, embeddings: [{ int8: [1] }] };
    expect(() => embedCodec.encodeResponse(quantised, contextOf())).toThrow(/int8/);
  });

  test.each([
    [embedCodec, {}],
    [embedCodec, { embedding: { values: 'AAAA' } }],
    [batchEmbedCodec, { embeddings: [{}] }],
  ] as const)('that is none is the provider’s fault: %#', (codec, body) => {
    expect(() => codec.decodeResponse(body)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });
});
