/** Embeddings and reranks: Cohere's SDK as a client, Cohere as it was recorded, and whoever else does the same. */
import type { Plugin } from '@gatewright/core';
import dialectCohere from '@gatewright/dialect-cohere';
import prices from '@gatewright/prices';
import providerCohere from '@gatewright/provider-cohere';
import compatible from '@gatewright/provider-openai-compatible';
import simulated from '@gatewright/provider-simulated';
import { calcPrice, extractUsage, findProvider } from '@pydantic/genai-prices';
import { Cohere, CohereClient } from 'cohere-ai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cohereClient, CLIENT_KEY, MODELS, recordedAnswer, UPSTREAM_KEY } from './cohere-stage.ts';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { RECORDINGS, RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { JSON_BODY, Upstream, type Answer } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let client: ReturnType<typeof cohereClient>;

beforeAll(async () => {
  upstream = await Upstream.start();
  const { url } = upstream;
  const plugins = [
    { use: dialectCohere as Plugin },
    { use: prices as Plugin },
    { use: providerCohere as Plugin, with: { apiKey: UPSTREAM_KEY, baseUrl: url } },
    { use: simulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    { use: compatible as Plugin, id: 'voyage', with: { preset: 'voyage', apiKey: 'k', baseUrl: `${url}/v/v1` } },
    { use: compatible as Plugin, id: 'fireworks', with: { preset: 'fireworks', apiKey: 'k', baseUrl: `${url}/f/v1` } },
    { use: compatible as Plugin, id: 'together', with: { preset: 'together', apiKey: 'k', baseUrl: `${url}/t/v1` } },
  ];
  const models = {
    ...MODELS,
    billed: { targets: [{ provider: 'cohere', model: 'command-r-plus-08-2024' }] },
    'billed-embed': { targets: [{ provider: 'cohere', model: 'embed-v4.0' }] },
    sim: { targets: [{ provider: 'simulated', model: 'sim' }] },
    voyage: { targets: [{ provider: 'voyage', model: 'rerank-2.5' }] },
    fireworks: { targets: [{ provider: 'fireworks', model: 'fireworks/qwen3-reranker-8b' }] },
    llamarank: { targets: [{ provider: 'together', model: 'Salesforce/Llama-Rank-v1' }] },
  };
  gateway = await startGateway({ upstream: url, config: { plugins, models } });
  client = cohereClient(gateway.url);
});
afterEach(() => upstream.answer({ status: 500 }));
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const sent = (): unknown => JSON.parse(upstream.received[0]?.body.toString() ?? '');
const json = (body: unknown): Answer => ({ headers: JSON_BODY, chunks: [JSON.stringify(body)] });
const texts = ['sunny day at the beach', 'rainy day in the city'];

describe.skipIf(!recordingsThere)(`embeddings${RECORDINGS_ABSENCE}`, () => {
  test("of Cohere for Cohere's SDK", async () => {
    upstream.answer(recordedAnswer('cohere-embedding.json'));
    const inputType = 'search_document';
    const answer = await client.embed({
      model: 'embed',
      texts,
      inputType,
      embeddingTypes: ['float'],
      outputDimension: 256,
    });
    expect(answer.embeddings.float?.map((vector) => vector.length)).toEqual([5, 5]);
    expect(upstream.received[0]?.path).toBe('/v2/embed');
    expect(sent()).toEqual({
      model: 'embed-upstream',
      texts,
      input_type: inputType,
      embedding_types: ['float'],
      output_dimension: 256,
    });
  });

  test("of Cohere for OpenAI's SDK, which wants base64", async () => {
    upstream.answer(recordedAnswer('cohere-embedding.json'));
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    const { data, usage, model } = await openai.embeddings.create({ model: 'embed', input: texts });
    expect(data.map(({ index, embedding }) => [index, embedding[3]])).toEqual([
      [0, -0.0625],
      [1, expect.closeTo(-0.0824, 4)],
    ]);
    expect([usage.prompt_tokens, model]).toEqual([10, 'embed']);
    expect(sent()).toMatchObject({ texts, input_type: 'search_document', embedding_types: ['float'] });
  });
});

test("embeddings of OpenAI for Cohere's SDK", async () => {
  const data = [{ object: 'embedding', index: 0, embedding: [0.5, -1] }];
  upstream.answer(json({ object: 'list', data, model: 'm', usage: { prompt_tokens: 4, total_tokens: 4 } }));
  const body = { model: 'gpt-embed', texts: ['a'], inputType: 'search_query' as const };
  const refused = await client.embed({ ...body, embeddingTypes: ['int8'] }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Cohere.BadRequestError);
  expect(upstream.received).toHaveLength(0);
  const answer = await post(`${gateway.url}/v2/embed`, { model: 'gpt-embed', texts: ['a'], input_type: 'image' });
  expect(await answer.json()).toMatchObject({
    embeddings: { float: [[0.5, -1]] },
    texts: ['a'],
    meta: { billed_units: { input_tokens: 4 } },
    response_type: 'embeddings_by_type',
  });
});

describe('rerank', () => {
  const query = 'weather in Oslo';
  const documents = ['Tax forms', 'The weather in Oslo is cold'];

  test.skipIf(!recordingsThere)('of Cohere, and what it is billed for', async () => {
    const before = gateway.records.length;
    upstream.answer(recordedAnswer('reranking/cohere-reranking.1.json'));
    const { results, meta } = await client.rerank({ model: 'rerank', query, documents, topN: 2, maxTokensPerDoc: 100 });
    expect(results.map(({ index }) => index)).toEqual([1, 0]);
    expect(meta?.billedUnits?.searchUnits).toBe(1);
    expect(upstream.received[0]?.path).toBe('/v2/rerank');
    expect(sent()).toEqual({ model: 'rerank-upstream', query, documents, top_n: 2, max_tokens_per_doc: 100 });
    expect((await gateway.record(before)).usage).toMatchObject({ units: { searches: 1 } });
  });

  test("version 1 of the SDK's API, with documents in the answer, goes to version 1", async () => {
    const document = { text: documents[1], title: 'x' };
    upstream.answer(json({ id: 'r', results: [{ index: 1, relevance_score: 0.9, document }] }));
    const older = new CohereClient({ environment: gateway.url, token: CLIENT_KEY, maxRetries: 0 });
    const { results } = await older.rerank({
      model: 'rerank',
      query,
      documents: [{ text: 'a' }],
      returnDocuments: true,
    });
    expect(results[0]?.document).toMatchObject(document);
    expect(upstream.received[0]?.path).toBe('/v1/rerank');
  });

  test.skipIf(!recordingsThere)('of a server that follows the API, by its preset', async () => {
    const before = gateway.records.length;
    const name = join(RECORDINGS, 'vercel-ai', 'togetherai', 'reranking', 'togetherai-reranking.1.json');
    upstream.answer({ headers: JSON_BODY, chunks: [readFileSync(name)] });
    const { results } = await client.rerank({ model: 'llamarank', query, documents });
    expect(results.map(({ index }) => index)).toEqual([0, 5]);
    expect(upstream.received[0]?.path).toBe('/t/v1/rerank');
    expect((await gateway.record(before)).usage).toMatchObject({ input: 2966 });
  });

  // As their documentation has it, best last: who reads the order must not be misled.
  const answer = {
    object: 'list',
    data: [
      { index: 0, relevance_score: 0.25, document: documents[0] },
      { index: 1, relevance_score: 0.75, document: documents[1] },
    ],
    model: 'upstream',
    usage: { total_tokens: 42 },
  };

  test.each([
    ['voyage', '/v/v1/rerank', 'rerank-2.5', { top_k: 2 }],
    ['fireworks', '/f/v1/rerank', 'fireworks/qwen3-reranker-8b', { top_n: 2 }],
  ])('of %s, which answers in another form, by its preset', async (model, path, name, top) => {
    const before = gateway.records.length;
    upstream.answer(json(answer));
    const { results } = await client.rerank({ model, query, documents, topN: 2 });
    expect(results.map(({ index, relevanceScore }) => [index, relevanceScore])).toEqual([
      [1, 0.75],
      [0, 0.25],
    ]);
    expect(upstream.received[0]?.path).toBe(path);
    expect(sent()).toEqual({ model: name, query, documents, ...top });
    expect((await gateway.record(before)).usage).toMatchObject({ input: 42, output: 0 });
  });

  test('of Voyage does not lose what it cannot say', async () => {
    const failure = await client
      .rerank({ model: 'voyage', query, documents, maxTokensPerDoc: 9 })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ statusCode: 400 });
    expect((failure as { message: string }).message).toContain('max_tokens_per_doc');
    expect(upstream.received).toEqual([]);
  });

  test.each(['/v2/rerank', '/v1/rerank', '/rerank'])('of the simulated model, at %s', async (path) => {
    const reply = await post(`${gateway.url}${path}`, { model: 'sim', query, documents, return_documents: true });
    expect(await reply.json()).toMatchObject({
      results: [
        { index: 1, relevance_score: 0.666667, document: { text: documents[1] } },
        { index: 0, relevance_score: 0 },
      ],
    });
  });

  test.each([
    ['no query', { documents }, 'query: is missing'],
    ['a document that is none', { query, documents: [1] }, 'documents.0: must be'],
  ])('refused before anybody is asked: %s', async (_what, body, message) => {
    const reply = await post(`${gateway.url}/v2/rerank`, { model: 'rerank', ...body });
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining(message)]);
    expect(upstream.received).toHaveLength(0);
  });

  test('a model that cannot rerank says so', async () => {
    const failure = await client.rerank({ model: 'gpt', query, documents }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Cohere.BadRequestError);
    expect((failure as { message: string }).message).toContain('rerank');
  });
});

describe.skipIf(!recordingsThere)(`the cost is what the catalogue reads in the answer${RECORDINGS_ABSENCE}`, () => {
  const provider = findProvider({ providerId: 'cohere' });
  const whole = ['cohere-text.json', 'cohere-reasoning.json', 'cohere-tool-call.json', 'cohere-citations.json'];

  /** What the catalogue's own extraction and calculation make of a recorded answer, in dollars. */
  function theirs(name: string, model: string, flavor: string): number | undefined {
    const body = JSON.parse(String(recordedAnswer(name).chunks?.[0])) as object;
    if (provider === undefined) throw new Error('The catalogue does not know the provider.');
    const { usage } = extractUsage(provider, { ...body, model }, flavor);
    return calcPrice(usage, model, { providerId: 'cohere' })?.total_price;
  }

  test.each([...whole, 'cohere-max-tokens.json', 'cohere-null-args.json'])('%s', async (name) => {
    const before = gateway.records.length;
    upstream.answer(recordedAnswer(name));
    await client.chat({ model: 'billed', messages: [{ role: 'user', content: 'hi' }] });
    const { cost } = await gateway.record(before);
    const expected = theirs(name, 'command-r-plus-08-2024', 'default') ?? Number.NaN;
    // Nano-dollars, rounded up.
    expect(Number(cost?.nanos)).toBe(Math.ceil(Number((expected * 1e9).toFixed(3))));
  });

  test('an embedding', async () => {
    const before = gateway.records.length;
    upstream.answer(recordedAnswer('cohere-embedding.json'));
    await client.embed({ model: 'billed-embed', texts, inputType: 'search_query', embeddingTypes: ['float'] });
    const { cost } = await gateway.record(before);
    const expected = theirs('cohere-embedding.json', 'embed-v4.0', 'embeddings');
    expect(cost === undefined ? undefined : Number(cost.nanos)).toBe(
      expected === undefined ? undefined : Math.ceil(expected * 1e9),
    );
  });
});
