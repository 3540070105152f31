/** The official OpenAI client asks for embeddings, in both formats, of providers that know one or both. */
import { AzureOpenAI, type OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCalls } from './operation-recordings.ts';
import { failure, fits, OperationStage } from './operation-stage.ts';
import { RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { JSON_BODY } from './upstream.ts';

const usageIn = (body: Buffer | undefined): unknown => (JSON.parse(body?.toString() ?? '') as { usage: unknown }).usage;

let stage: OperationStage;
let client: OpenAI;

beforeAll(async () => {
  stage = await OperationStage.open();
  client = stage.client;
});
afterAll(() => stage.close());

describe('embeddings', () => {
  const recorded = readCalls(/embeddings$/).find(({ name }) => name.includes('embeddings-dimensions'));

  test.skipIf(!recordingsThere)(
    `of a recording: the client asks for base64 and gets numbers${RECORDINGS_ABSENCE}`,
    async () => {
      stage.upstream.answer({ headers: JSON_BODY, chunks: [recorded?.body ?? ''] });
      const { data, model, usage } = await client.embeddings.create({
        model: 'embed',
        input: 'Hello',
        dimensions: 256,
      });
      expect(data[0]?.embedding).toHaveLength(256);
      expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 3);
      expect([model, usage]).toEqual(['text-embedding-3-small', usageIn(recorded?.body)]);
      expect(stage.sent()).toEqual({
        model: 'text-embedding-3-small',
        input: 'Hello',
        dimensions: 256,
        encoding_format: 'base64',
      });
      fits('openai-embeddings-request', stage.sent());
    },
  );

  test('as numbers, where the client asks for them', async () => {
    const { data, usage } = await client.embeddings.create({
      model: 'sim',
      input: ['one', 'two'],
      dimensions: 32,
      encoding_format: 'float',
    });
    expect(data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 32],
      [1, 32],
    ]);
    expect(usage.prompt_tokens).toBeGreaterThan(0);
    expect((await stage.gateway.record(stage.gateway.records.length - 1)).usage?.input).toBe(usage.prompt_tokens);
  });

  test('are the same in both formats', async () => {
    const ask = { model: 'sim', input: 'the same text', dimensions: 64 } as const;
    const [base64, float] = [
      await client.embeddings.create(ask),
      await client.embeddings.create({ ...ask, encoding_format: 'float' }),
    ];
    expect(base64.data).toEqual(float.data);
  });

  test('of a server that knows no base64 reach a client that wants it', async () => {
    const embedding = [0.25, -1.5, 3];
    const reply = {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding }],
      model: 'plain',
      usage: { prompt_tokens: 4, total_tokens: 4 },
    };
    stage.upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(reply)] });
    const { data } = await client.embeddings.create({ model: 'floats', input: [[1, 2, 3]], user: 'u-1' });
    expect(data[0]?.embedding).toEqual(embedding);
    expect(stage.sent()).toEqual({ model: 'plain-embedder', input: [[1, 2, 3]], user: 'u-1' });
    fits('openai-embeddings-request', stage.sent());
  });

  test('that came out of order are put into the order of the inputs', async () => {
    const item = (index: number): unknown => ({ object: 'embedding', index, embedding: [index] });
    stage.upstream.answer({
      headers: JSON_BODY,
      chunks: [JSON.stringify({ object: 'list', data: [item(1), item(0)], model: 'm' })],
    });
    const raw = await client.embeddings.create({ model: 'floats', input: ['a', 'b'], encoding_format: 'float' });
    expect(raw.data.map(({ embedding }) => embedding)).toEqual([[0], [1]]);
    fits('openai-embeddings', raw);
  });

  test('at the deployment that Azure’s client names', async () => {
    const azure = new AzureOpenAI({
      endpoint: stage.gateway.url,
      apiKey: 'k',
      apiVersion: '2024-10-21',
      deployment: 'sim',
    });
    const { data } = await azure.embeddings.create({ model: '', input: 'x', dimensions: 8 });
    expect(data[0]?.embedding).toHaveLength(8);
  });
});

describe('failures', () => {
  test('a model that does not serve the operation: which does', async () => {
    const error = await failure(client.embeddings.create({ model: 'claude', input: 'x' }));
    expect([error.status, error.code, error.param]).toEqual([400, 'GW_UNSUPPORTED', 'model']);
    expect(error.message).toContain('"claude" does not serve the operation "embeddings"');
    expect(error.message).toContain('anthropic/claude-upstream serves chat');
    expect(error.message).toContain('"embed"');
    expect(error.message).not.toContain('"chatter"');
  });

  test('an error of the provider keeps its words', async () => {
    const reply = {
      error: { message: 'No access.', type: 'invalid_request_error', param: null, code: 'model_not_found' },
    };
    stage.upstream.answer({ status: 404, headers: JSON_BODY, chunks: [JSON.stringify(reply)] });
    const error = await failure(client.embeddings.create({ model: 'embed', input: 'x' }));
    expect([error.status, error.code, error.type]).toEqual([404, 'model_not_found', 'invalid_request_error']);
  });

  test('an error in a success is one', async () => {
    stage.upstream.answer({ headers: JSON_BODY, chunks: ['{"error":{"message":"Busy.","code":503}}'] });
    expect((await failure(client.embeddings.create({ model: 'embed', input: 'x' }))).status).toBe(503);
  });

  test.each([
    ['embeddings', { model: 'floats', input: 5 }, 'input'],
    ['embeddings', { model: 'floats', input: [] }, 'input'],
    ['embeddings', { model: 'floats', input: ['a', 5] }, 'input[1]'],
    ['embeddings', { model: 'floats', input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    ['embeddings', { model: 'floats', input: 'a', dimensions: 0 }, 'dimensions'],
    ['embeddings', { input: 'a' }, 'model'],
    ['completions', { model: 'claude', prompt: 5 }, 'prompt'],
    ['completions', { model: 'claude', prompt: 'a', max_tokens: 'many' }, 'max_tokens'],
  ])('a bad request to %s: %j', async (path, body, param) => {
    const error = await failure(client.post(`/${path}`, { body }) as Promise<unknown>);
    expect([error.status, error.code, error.param]).toEqual([400, 'GW_BAD_REQUEST', param]);
  });

  test('an answer that is none is the provider’s fault', async () => {
    stage.upstream.answer({ headers: JSON_BODY, chunks: ['{"data":[{"index":0}]}'] });
    const error = await failure(client.embeddings.create({ model: 'floats', input: 'x' }));
    expect([error.status, error.code]).toEqual([502, 'GW_UPSTREAM_INVALID']);
    expect(error.message).toContain('data[0].embedding');
  });
});
