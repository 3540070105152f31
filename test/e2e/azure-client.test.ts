/** Azure's own client class, which names the model in the path and sends its key in `api-key`. */
import { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import authStatic from '@gatewright/auth-static';
import type { Plugin } from '@gatewright/core';
import { startGateway, type TestGateway } from './gateways.ts';
import { ANTHROPIC_HELLO, OPENAI_FRAMES, OPENAI_HELLO } from './wires.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

const KEY = 'sk-azure-client-0123456789';
let upstream: Upstream;
let gateway: TestGateway;
let client: AzureOpenAI;

beforeAll(async () => {
  upstream = await Upstream.start();
  const plugins = [{ use: authStatic as Plugin, with: { keys: [{ key: KEY, id: 'azure' }] } }];
  gateway = await startGateway({ upstream: upstream.url, config: { plugins } });
  client = new AzureOpenAI({ endpoint: gateway.url, apiKey: KEY, apiVersion: '2024-10-21', deployment: 'gpt' });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const messages = [{ role: 'user' as const, content: 'hi' }];

test('whole, streamed, and to a provider of another dialect', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const whole = await client.chat.completions.create({ model: '', messages });
  expect(whole.choices[0]?.message.content).toBe('Hello there');
  expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toMatchObject({ model: 'gpt-upstream' });

  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES });
  let text = '';
  for await (const chunk of await client.chat.completions.create({ model: '', messages, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  expect(text).toBe('Hello there');

  upstream.answer({ headers: JSON_BODY, chunks: [ANTHROPIC_HELLO] });
  const other = new AzureOpenAI({ endpoint: gateway.url, apiKey: KEY, apiVersion: '2024-10-21', deployment: 'claude' });
  const translated = await other.chat.completions.create({ model: '', messages });
  expect(translated.choices[0]?.message.content).toBe('Hello there');
});
