/** Embeddings across the dialects: Google's client and OpenAI's, each against both providers. */
import type { Plugin } from '@gatewright/core';
import dialectGemini from '@gatewright/dialect-gemini';
import providerGemini from '@gatewright/provider-gemini';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { readCalls } from './operation-recordings.ts';
import { RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let rewriting: TestGateway;
let google: GoogleGenAI;
let openai: OpenAI;

const copier: Plugin = inlinePlugin('copier', ({ hooks }) => {
  hooks.transform.request.tap('embeddings', (request) => ({ ...request }));
  hooks.transform.response.tap('embeddings', (response) => ({ ...response }));
});

beforeAll(async () => {
  upstream = await Upstream.start();
  const gemini = { use: providerGemini as Plugin, with: { apiKey: 'upstream-gemini-key', baseUrl: upstream.url } };
  const config = {
    plugins: [{ use: dialectGemini as Plugin }, gemini],
    models: {
      embed: { targets: [{ provider: 'openai', model: 'text-embedding-3-small' }] },
      gem: { targets: [{ provider: 'gemini', model: 'gemini-embedding-001' }] },
      'text-embedding-004': { targets: [{ provider: 'gemini', model: 'text-embedding-004' }] },
    },
  };
  gateway = await startGateway({ upstream: upstream.url, config });
  rewriting = await startGateway({ upstream: upstream.url, config, plugins: [copier] });
  google = new GoogleGenAI({ apiKey: 'client-key', httpOptions: { baseUrl: gateway.url } });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await rewriting.close();
  await upstream.stop();
});

const reply = (body: unknown): void => upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(body)] });
const sent = (): unknown => JSON.parse(upstream.received[0]?.body.toString() ?? '');

test('Google’s client for Vertex AI, which asks older models in another form, of OpenAI', async () => {
  const vertex = new GoogleGenAI({ vertexai: true, apiKey: 'client-key', httpOptions: { baseUrl: gateway.url } });
  reply({
    object: 'list',
    data: [
      { index: 0, embedding: [0.25] },
      { index: 1, embedding: [0.5] },
    ],
    model: 'm',
  });
  const answer = await vertex.models.embedContent({
    model: 'embed',
    contents: ['one', 'two'],
    config: { outputDimensionality: 1 },
  });
  expect(answer.embeddings?.map(({ values }) => values)).toEqual([[0.25], [0.5]]);
  expect(sent()).toEqual({ model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 1 });
});

describe('Google’s client', () => {
  test('of Gemini: its own bytes go on, with the model’s own name', async () => {
    reply({ embeddings: [{ values: [0.5, -1] }, { values: [2] }] });
    const answer = await google.models.embedContent({
      model: 'gem',
      contents: ['one', 'two'],
      config: { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 2 },
    });
    expect(answer.embeddings?.map(({ values }) => values)).toEqual([[0.5, -1], [2]]);
    expect(upstream.received[0]?.path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
    const settings = { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 2, model: 'models/gemini-embedding-001' };
    expect(sent()).toMatchObject({ requests: [settings, settings] });
  });

  test('of OpenAI: what it says of their purpose is left out, and that is said', async () => {
    reply({
      object: 'list',
      data: [{ index: 0, embedding: [0.25] }],
      model: 'm',
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
    const answer = await google.models.embedContent({
      model: 'embed',
      contents: 'one',
      config: { taskType: 'CLUSTERING' },
    });
    expect(answer.embeddings?.map(({ values }) => values)).toEqual([[0.25]]);
    expect(sent()).toEqual({ model: 'text-embedding-3-small', input: ['one'] });
    expect(answer.sdkHttpResponse?.headers?.['x-gatewright-warning']).toMatch(/^input_type: /);
    expect((await gateway.record(gateway.records.length - 1)).usage?.input).toBe(7);
  });

  test('gets errors in its own form', async () => {
    upstream.answer({
      status: 429,
      headers: JSON_BODY,
      chunks: ['{"error":{"message":"Slow down.","type":"requests"}}'],
    });
    const error = await google.models
      .embedContent({ model: 'embed', contents: 'x' })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 429 });
    expect(String(error)).toContain('RESOURCE_EXHAUSTED');
  });
});

test('OpenAI’s client of Gemini: numbers become the base64 that it asks for', async () => {
  reply({ embeddings: [{ values: [0.5, -1.25] }], usageMetadata: { promptTokenCount: 3 } });
  const answer = await openai.embeddings.create({ model: 'gem', input: 'one', dimensions: 2 });
  expect(answer.data[0]?.embedding).toEqual([0.5, -1.25]);
  expect(answer.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  expect(answer.model).toBe('gem');
  expect(sent()).toEqual({
    requests: [
      { model: 'models/gemini-embedding-001', content: { parts: [{ text: 'one' }] }, outputDimensionality: 2 },
    ],
  });
});

test('OpenAI’s client is told that Gemini takes no token ids', async () => {
  await expect(openai.embeddings.create({ model: 'gem', input: [1, 2] })).rejects.toMatchObject({
    status: 400,
    code: 'GW_UNSUPPORTED',
    param: 'input[0]',
  });
});

describe.skipIf(!recordingsThere)(`recorded calls${RECORDINGS_ABSENCE}`, () => {
  const calls = readCalls(/:(?:batchEmbedContents|embedContent)$/);

  test('are there, of both methods', () => {
    const methods = new Set(calls.map(({ path }) => path.split(':')[1]));
    expect(methods).toEqual(new Set(['batchEmbedContents', 'embedContent']));
  });

  test.each(calls)('$name passes untouched', async (call) => {
    upstream.answer({ headers: JSON_BODY, chunks: [call.body] });
    const response = await post(`${gateway.url}${call.path}`, call.request.toString());
    expect(Buffer.from(await response.arrayBuffer()).equals(call.body)).toBe(true);
    expect([upstream.received[0]?.path, upstream.received[0]?.body.toString()]).toEqual([
      call.path,
      call.request.toString(),
    ]);
  });

  test.each(calls)('$name means the same through the neutral form', async (call) => {
    upstream.answer({ headers: JSON_BODY, chunks: [call.body] });
    const response = await post(`${rewriting.url}${call.path}`, call.request.toString());
    expect(await response.json()).toEqual(JSON.parse(call.body.toString()));
    expect(sent()).toEqual(JSON.parse(call.request.toString()));
  });
});
