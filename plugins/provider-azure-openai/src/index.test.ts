/** The Azure OpenAI provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const KEY = '84aQ7xLw9Zr4TbVn8KsYp0cJ';
const TOKEN = 'eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJodHRwcyJ9.c2lnbmF0dXJl';
const withKey = (origin: string) => ({ endpoint: origin, apiKey: KEY });
const stage = providerStage(plugin, withKey);

afterEach(() => stage.close());

const manifest = new URL('../package.json', import.meta.url);
const models = ['my-deployment', 'gpt-3.5-turbo-instruct'];

describe('with a key', () => {
  providerSuite({ describe, test }, { plugin, manifest, options: withKey, credentials: [KEY], models });
});

describe('with a token, to deployments', () => {
  const options = (origin: string) => ({
    endpoint: origin,
    token: TOKEN,
    api: 'deployments',
    apiVersion: '2024-10-21',
  });
  providerSuite({ describe, test }, { plugin, manifest, options, credentials: [TOKEN], models });
});

describe('the contract', () => {
  test('it serves what Azure has, each in its own dialect', async () => {
    const { rig } = await stage.open();
    const spoken = Object.entries(rig.options.operations).map(([name, one]) => [name, [one].flat()[0]?.dialect]);
    expect(Object.fromEntries(spoken)).toMatchObject({
      chat: 'openai-chat',
      completions: 'openai-completions',
      embeddings: 'openai-embeddings',
      images: 'openai-images',
    });
  });
});

describe('a call', () => {
  test.each([
    ['v1', {}, '/openai/v1/chat/completions'],
    ['v1, preview', { apiVersion: 'preview' }, '/openai/v1/chat/completions?api-version=preview'],
    [
      'deployments',
      { api: 'deployments', apiVersion: '2024-10-21' },
      '/openai/deployments/model/chat/completions?api-version=2024-10-21',
    ],
  ])('of %s posts the bytes it was given, with the key alone', async (_what, options, path) => {
    const { server, rig } = await stage.open(options);
    const body = '{ "model" : "model", "messages": [] }';
    const headers = { authorization: 'Bearer client', 'api-key': 'client', 'x-client-request-id': 'r-1' };
    const reply = await rig.send({ body, headers });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', path, body]);
    expect(request?.headers).toMatchObject({ 'api-key': KEY, 'x-client-request-id': 'r-1' });
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  test('with a token sends it as a Bearer token, and no key', async () => {
    const { server, rig } = await stage.open({ apiKey: undefined, token: TOKEN });
    await textOf(await rig.send({ headers: { 'api-key': 'client' } }));
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(server.received[0]?.headers).not.toHaveProperty('api-key');
  });

  test('goes behind a path of the endpoint, with configured headers that win over the client', async () => {
    const { server, rig } = await stage.open((origin) => ({
      endpoint: `${origin}/gate/`,
      headers: { 'X-Team': 'core' },
    }));
    await textOf(await rig.send({ headers: { 'x-team': 'client' } }));
    const [request] = server.received;
    expect([request?.url, request?.headers['x-team']]).toEqual(['/gate/openai/v1/chat/completions', 'core']);
  });
});
