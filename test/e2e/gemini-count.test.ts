/** Token counts across dialects, and the keys that clients send. */
import Anthropic from '@anthropic-ai/sdk';
import type { Plugin } from '@gatewright/core';
import authStatic from '@gatewright/auth-static';
import dialectGemini from '@gatewright/dialect-gemini';
import providerGemini from '@gatewright/provider-gemini';
import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MODELS } from './gemini-stage.ts';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

const KEY = 'client-key-0123456789';
let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  const keys = [{ key: KEY, id: 'tester' }];
  gateway = await startGateway({
    upstream: upstream.url,
    config: {
      models: MODELS,
      plugins: [
        { use: authStatic as Plugin, with: { keys } },
        { use: dialectGemini as Plugin },
        { use: providerGemini as Plugin, with: { apiKey: 'upstream-gemini-key', baseUrl: upstream.url } },
      ],
    },
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

test("Google's SDK counts for a model of another dialect", async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{"input_tokens": 31}'] });
  const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: gateway.url } });
  const count = await client.models.countTokens({ model: 'claude', contents: 'How long is this?' });
  expect(count.totalTokens).toBe(31);
  expect(upstream.received[0]?.path).toBe('/v1/messages/count_tokens');
  expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toEqual({
    model: 'claude-upstream',
    messages: [{ role: 'user', content: 'How long is this?' }],
  });
});

test("Anthropic's SDK counts for a model of Gemini", async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{"totalTokens": 17}'] });
  const client = new Anthropic({ baseURL: gateway.url, apiKey: KEY, maxRetries: 0 });
  const count = await client.messages.countTokens({
    model: 'gem',
    system: 'Be kind.',
    messages: [{ role: 'user', content: 'How long is this?' }],
  });
  expect(count.input_tokens).toBe(17);
  expect(upstream.received[0]?.path).toBe('/v1beta/models/gemini-upstream:countTokens');
  expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toEqual({
    generateContentRequest: {
      model: 'models/gemini-upstream',
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
      contents: [{ role: 'user', parts: [{ text: 'How long is this?' }] }],
    },
  });
});

test('the key may stand in x-goog-api-key or in Authorization, and is refused by its own dialect', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{"totalTokens": 1}'] });
  const ask = (headers: Record<string, string>) =>
    post(`${gateway.url}/v1beta/models/gem:countTokens`, { contents: [] }, headers);
  expect((await ask({ 'x-goog-api-key': KEY })).status).toBe(200);
  expect((await ask({ authorization: `Bearer ${KEY}` })).status).toBe(200);
  const refused = await ask({ 'x-goog-api-key': 'wrong' });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
});
