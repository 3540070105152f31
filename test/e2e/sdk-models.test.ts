/** Model lists, as OpenAI's, Anthropic's and Google's clients read them. */
import Anthropic from '@anthropic-ai/sdk';
import authStatic from '@gatewright/auth-static';
import type { Plugin } from '@gatewright/core';
import dialectGemini from '@gatewright/dialect-gemini';
import prices from '@gatewright/prices';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { violations } from './specs.ts';

const KEY = 'client-key-0123456789';
const NARROW = 'narrow-key-0123456789';
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;

beforeAll(async () => {
  const keys = [
    { key: KEY, id: 'all' },
    { key: NARROW, id: 'narrow', models: ['mini'] },
  ];
  gateway = await startGateway({
    upstream: 'http://127.0.0.1:9',
    config: {
      plugins: [
        { use: dialectGemini as Plugin },
        { use: prices as Plugin, with: { unpriced: 'ignore' } },
        { use: authStatic as Plugin, with: { keys } },
      ],
      models: {
        smart: {
          targets: [{ provider: 'openai', model: 'gpt-4o' }],
          aliases: ['clever'],
          info: { name: 'Smart One', maxOutput: 16_384 },
        },
        mini: { targets: [{ provider: 'openai', model: 'nobody-knows-this' }] },
        'acme/*': { targets: [{ provider: 'anthropic', model: '*' }] },
      },
    },
  });
  const options = { apiKey: KEY, maxRetries: 0 };
  openai = new OpenAI({ ...options, baseURL: `${gateway.url}/v1` });
  anthropic = new Anthropic({ ...options, baseURL: gateway.url });
  google = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: gateway.url } });
});
afterAll(() => gateway.close());

describe('OpenAI’s client', () => {
  test('lists them with what is known of each', async () => {
    const models: OpenAI.Model[] = [];
    for await (const model of openai.models.list()) models.push(model);
    expect(models.map(({ id }) => id)).toEqual(['smart', 'clever', 'mini']);
    expect(models[0]).toEqual({
      id: 'smart',
      object: 'model',
      created: expect.any(Number),
      owned_by: 'gatewright',
      name: 'Smart One',
      operations: expect.arrayContaining(['chat', 'embeddings']),
      context_window: 128_000,
      max_output_tokens: 16_384,
      price: { input: '2.5', cacheRead: '1.25', output: '10', unit: 'USD per million tokens' },
    });
    expect(models[2]).not.toHaveProperty('context_window');
    for (const model of models) expect(violations('openai-model', model)).toEqual([]);
  });

  test('asks for one, by its name, an alias, or a name that a pattern covers', async () => {
    expect((await openai.models.retrieve('clever')).id).toBe('clever');
    expect(await openai.models.retrieve('acme/claude-opus-5')).toMatchObject({
      id: 'acme/claude-opus-5',
      operations: ['chat', 'count-tokens'],
    });
    await expect(openai.models.retrieve('smarter')).rejects.toMatchObject({ status: 404, code: 'GW_UNKNOWN_MODEL' });
  });

  test('sees what its key may use, and cannot tell what else there is', async () => {
    const narrow = new OpenAI({ apiKey: NARROW, maxRetries: 0, baseURL: `${gateway.url}/v1` });
    const ids: string[] = [];
    for await (const { id } of narrow.models.list()) ids.push(id);
    expect(ids).toEqual(['mini']);
    const refused = async (id: string): Promise<unknown> =>
      narrow.models.retrieve(id).catch((error: unknown) => String(error).replaceAll(id, 'X'));
    expect(await refused('smart')).toBe(await refused('other'));
  });

  test('without a prefix, and Azure’s', async () => {
    const bare = new OpenAI({ apiKey: KEY, baseURL: gateway.url });
    expect((await bare.models.list()).data).toHaveLength(3);
    const azure = new AzureOpenAI({ endpoint: gateway.url, apiKey: KEY, apiVersion: '2024-10-21' });
    expect((await azure.models.list()).data).toHaveLength(3);
  });
});

test('Anthropic’s client lists them, and asks for one', async () => {
  const ids: string[] = [];
  for await (const model of anthropic.models.list()) ids.push(model.id);
  expect(ids).toEqual(['smart', 'clever', 'mini']);
  const smart = await anthropic.models.retrieve('smart');
  expect(smart).toMatchObject({ display_name: 'Smart One', max_input_tokens: 128_000, max_tokens: 16_384 });
  await expect(anthropic.models.retrieve('smarter')).rejects.toMatchObject({ status: 404 });
});

test('Google’s client lists them, and asks for one', async () => {
  const names: unknown[] = [];
  for await (const model of await google.models.list()) names.push(model.name);
  expect(names).toEqual(['models/smart', 'models/clever', 'models/mini']);
  expect(await google.models.get({ model: 'smart' })).toMatchObject({
    name: 'models/smart',
    displayName: 'Smart One',
    inputTokenLimit: 128_000,
    outputTokenLimit: 16_384,
    supportedActions: expect.arrayContaining(['generateContent', 'embedContent']),
  });
  await expect(google.models.get({ model: 'smarter' })).rejects.toMatchObject({ status: 404 });
});

test('a key in the address is not read, and Google’s form says so', async () => {
  const response = await fetch(`${gateway.url}/v1/models?key=${KEY}`);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
});
