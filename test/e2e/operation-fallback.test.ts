/** Operations besides chat fail over, are metered and keep to their keys as chat does. */
import authStatic from '@gatewright/auth-static';
import type { GatewayConfig, Plugin } from '@gatewright/core';
import prices from '@gatewright/prices';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';
import { ANTHROPIC_HELLO } from './wires.ts';

const KEY = 'client-key-0123456789';
const CHATTER = 'chatter-key-0123456789';
const EMBEDDED = JSON.stringify({
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: [1] }],
  model: 'm',
  usage: { prompt_tokens: 1_000_000, total_tokens: 1_000_000 },
});

let upstream: Upstream;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  upstream = await Upstream.start();
  const keys = [
    { key: KEY, id: 'all' },
    { key: CHATTER, id: 'chatter', operations: ['chat', 'models'] },
  ];
  const models: GatewayConfig['models'] = {
    embed: {
      targets: [{ provider: 'openai', model: 'text-embedding-3-small' }],
      fallbacks: ['large'],
      reports: 'requested',
    },
    large: { targets: [{ provider: 'openai', model: 'text-embedding-3-large' }] },
    mixed: { targets: [{ provider: 'anthropic', model: 'claude' }], fallbacks: ['large'] },
    chatty: { targets: [{ provider: 'openai', model: 'gpt-4o' }], fallbacks: ['claude'] },
    claude: { targets: [{ provider: 'anthropic', model: 'claude-opus-5' }] },
  };
  const plugins = [{ use: prices as Plugin }, { use: authStatic as Plugin, with: { keys } }];
  gateway = await startGateway({ upstream: upstream.url, config: { plugins, models } });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const last = (): Promise<TestGateway['records'][number]> => gateway.record(gateway.records.length - 1);
const float = { encoding_format: 'float' } as const;

test('a target that fails is followed by the next, and what it costs is known', async () => {
  upstream.answer([{ status: 503 }, { headers: JSON_BODY, chunks: [EMBEDDED] }]);
  const answer = await client.embeddings.create({ model: 'embed', input: 'x', ...float });
  expect(answer.data[0]?.embedding).toEqual([1]);
  const { attempts, cost } = await last();
  expect(attempts.map(({ target, result }) => [target, result])).toEqual([
    ['openai/text-embedding-3-small', 'error'],
    ['openai/text-embedding-3-large', 'success'],
  ]);
  // A million tokens at $0.13 a million.
  expect(cost?.nanos).toBe(130_000_000n);
});

test('the name that was asked for is reported where the configuration says so', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: [EMBEDDED] });
  expect((await client.embeddings.create({ model: 'embed', input: 'x', ...float })).model).toBe('embed');
});

test('a target that cannot embed is passed over', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: [EMBEDDED] });
  await client.embeddings.create({ model: 'mixed', input: 'x', ...float });
  expect((await last()).attempts.map(({ target }) => target)).toEqual(['openai/text-embedding-3-large']);
});

test('what a provider said is worth more than that another target cannot', async () => {
  upstream.answer({ status: 401, headers: JSON_BODY, chunks: ['{"error":{"message":"Bad key.","type":"x"}}'] });
  await expect(client.embeddings.create({ model: 'mixed', input: 'x' })).rejects.toMatchObject({ status: 401 });
});

test('a completion fails over from one chat to another', async () => {
  upstream.answer([{ status: 503 }, { headers: JSON_BODY, chunks: [ANTHROPIC_HELLO] }]);
  const answer = await client.completions.create({ model: 'chatty', prompt: 'Hi', max_tokens: 5 });
  expect(answer.choices[0]?.text).toBe('Hello there');
  expect(upstream.received.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/messages']);
});

test('a key that may only chat may not embed', async () => {
  const chatter = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: CHATTER, maxRetries: 0 });
  await expect(chatter.embeddings.create({ model: 'embed', input: 'x' })).rejects.toMatchObject({
    status: 403,
    code: 'GW_FORBIDDEN',
  });
});
