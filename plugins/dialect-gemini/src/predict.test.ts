/** Vertex AI's older embeddings: what comes goes out the same, and what it cannot say is said. */
import type { EmbeddingsRequest, EncodeContext } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { predictCodec } from './predict.ts';

const DECODE = { headers: {}, model: 'embed' };

function listening(): EncodeContext & { said: string[] } {
  const said: string[] = [];
  return {
    model: 'text-embedding-005',
    said,
    unsupported: (field) => void said.push(`no ${field}`),
    warn: (field) => void said.push(`without ${field}`),
  };
}

describe('a request', () => {
  test.each([
    [{ instances: [{ content: 'a' }] }],
    [
      {
        instances: [{ content: 'a', task_type: 'RETRIEVAL_DOCUMENT', title: 'T' }],
        parameters: { autoTruncate: false },
      },
    ],
    [
      {
        instances: [{ content: 'a' }, { content: 'b', task_type: 'CLUSTERING' }],
        parameters: { outputDimensionality: 8 },
      },
    ],
    [{ instances: [{ content: 'a', late: 1 }], labels: { team: 'x' } }],
  ])('comes back the same: %j', (body) => {
    const context = listening();
    expect(predictCodec.encodeRequest(predictCodec.decodeRequest(body, DECODE), context)).toEqual(body);
    expect(context.said).toEqual([]);
  });

  test('is read: texts, purpose, size, and whether to cut', () => {
    const instances = [{ content: 'a', task_type: 'RETRIEVAL_QUERY' }];
    const parameters = { outputDimensionality: 8, autoTruncate: true };
    expect(predictCodec.decodeRequest({ instances, parameters }, DECODE)).toMatchObject({
      model: 'embed',
      inputs: [{ kind: 'text', text: 'a' }],
      purpose: 'query',
      dimensions: 8,
      truncate: 'end',
    });
  });

  test('whose texts differ in their purpose can be told to no other dialect', () => {
    const instances = [{ content: 'a', task_type: 'CLUSTERING' }, { content: 'b' }];
    const { purpose, rest } = predictCodec.decodeRequest({ instances }, DECODE);
    expect([purpose, rest?.fields['instances']]).toEqual([undefined, [{ taskType: 'CLUSTERING' }, {}]]);
  });

  test('of another dialect is written, each text in an instance', () => {
    const context = listening();
    const request: EmbeddingsRequest = {
      model: 'x',
      inputs: [
        { kind: 'text', text: 'a' },
        { kind: 'parts', parts: [{ type: 'text', text: 'b' }] },
      ],
      purpose: 'document',
      title: 'T',
      dimensions: 8,
      truncate: 'none',
    };
    const settings = { task_type: 'RETRIEVAL_DOCUMENT', title: 'T' };
    expect(predictCodec.encodeRequest(request, context)).toEqual({
      instances: [
        { content: 'a', ...settings },
        { content: 'b', ...settings },
      ],
      parameters: { outputDimensionality: 8, autoTruncate: false },
    });
    expect(context.said).toEqual([]);
  });

  test.each<[string, Partial<EmbeddingsRequest>, string]>([
    ['token ids', { inputs: [{ kind: 'tokens', tokens: [1] }] }, 'no input[0]'],
    ['quantised vectors', { formats: ['binary'] }, 'no embedding_types'],
    ['a field of another dialect', { rest: { dialect: 'gemini-embed', fields: { late: 1 } } }, 'no late'],
  ])('with %s is told of it', (_what, more, said) => {
    const context = listening();
    predictCodec.encodeRequest({ model: 'x', inputs: [{ kind: 'text', text: 'a' }], ...more }, context);
    expect(context.said).toEqual([said]);
  });

  test.each([
    [{}, 'instances'],
    [{ instances: [] }, 'instances'],
    [{ instances: [{ prompt: 'a cat' }] }, 'instances[0].content'],
    [{ instances: [{ content: 'a' }], parameters: { outputDimensionality: 0 } }, 'parameters.outputDimensionality'],
  ])('that is none is refused with its place: %j', (body, param) => {
    const refused = { code: 'GW_BAD_REQUEST', details: expect.objectContaining({ param }) };
    expect(() => predictCodec.decodeRequest(body, DECODE)).toThrow(expect.objectContaining(refused));
  });
});

describe('an answer', () => {
  const body = {
    predictions: [
      { embeddings: { statistics: { token_count: 5, truncated: false }, values: [0.5, -1] } },
      { embeddings: { statistics: { token_count: 6, truncated: true }, values: [2] } },
    ],
    metadata: { billableCharacterCount: 35 },
  };

  test('comes back the same, and counts the tokens of all its texts', () => {
    const response = predictCodec.decodeResponse(body);
    expect(predictCodec.encodeResponse(response, listening())).toEqual(body);
    expect(response).toMatchObject({ embeddings: [{ float: [0.5, -1] }, { float: [2] }], usage: { input: 11 } });
    expect(predictCodec.summarize(outlineOf(Buffer.from(JSON.stringify(body)), 64)).usage?.input).toBe(11);
  });

  test('of another dialect is written as numbers', () => {
    const response = {
      id: '',
      model: 'm',
      embeddings: [{ base64: Buffer.from('0000803f', 'hex').toString('base64') }],
    };
    expect(predictCodec.encodeResponse(response, listening())).toEqual({
      predictions: [{ embeddings: { values: [1] } }],
    });
  });

  test.each([[{}], [{ predictions: [{}] }], [{ predictions: [{ embeddings: {} }] }]])('%j is none', (none) => {
    expect(() => predictCodec.decodeResponse(none)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });
});
