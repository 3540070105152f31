/** The provider for compatible servers: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const KEY = 'k-7fQ2xLw9Zr4TbVn8KsYp';
const options = (origin: string) => ({ baseUrl: `${origin}/v1` });
const stage = providerStage(plugin, options);

afterEach(() => stage.close());

providerSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: (origin) => ({ ...options(origin), apiKey: KEY }),
    credentials: [KEY],
  },
);

describe('the contract', () => {
  test('it serves what it is told that the server has', async () => {
    const { rig } = await stage.open({ operations: ['completions', 'embeddings'], quirks: { floatEmbeddings: true } });
    expect(rig.options.operations).toEqual({
      completions: { dialect: 'openai-completions', streamUsage: true },
      embeddings: { dialect: 'openai-embeddings-float' },
    });
  });

  test('responses are chats of clients that speak that dialect, and come second', async () => {
    const both = await stage.open({ operations: ['responses', 'chat'] });
    const chat = { dialect: 'openai-chat', streamUsage: true };
    const kept = { dialect: 'openai-responses-kept' };
    expect(both.rig.options.operations).toEqual({ chat: [chat, { dialect: 'openai-responses' }], kept });
    const alone = await stage.open({ operations: ['responses'] });
    expect(alone.rig.options.operations).toEqual({ chat: { dialect: 'openai-responses' }, kept });
  });

  test('without quirks it leaves the body alone', async () => {
    const { rig } = await stage.open();
    expect(rig.options.operations).toEqual({
      chat: { dialect: 'openai-chat', streamUsage: true },
      embeddings: { dialect: 'openai-embeddings' },
      moderation: { dialect: 'openai-moderation' },
      images: { dialect: 'openai-images' },
      speech: { dialect: 'openai-speech' },
      transcription: { dialect: 'openai-transcriptions' },
    });
  });

  test('with quirks it says so', async () => {
    const { rig } = await stage.open({ quirks: { streamUsage: false } });
    const [chat] = [rig.options.operations.chat].flat();
    expect([chat?.streamUsage, typeof chat?.adjust]).toEqual([false, 'function']);
  });
});

describe('a call', () => {
  test('goes to the chat path without any credential where there is no key', async () => {
    const { server, rig } = await stage.open();
    const body = '{"model":"llama"}';
    const reply = await rig.send({ body, headers: { authorization: 'Bearer client' } });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', '/v1/chat/completions', body]);
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  test.each([
    ['a Bearer token', {}, 'authorization', 'Bearer k-1'],
    ['another header, the key alone', { authHeader: 'Api-Key', authScheme: '' }, 'api-key', 'k-1'],
    ['another scheme', { authScheme: 'Token' }, 'authorization', 'Token k-1'],
  ])('sends the key as %s', async (_what, options, header, value) => {
    const { server, rig } = await stage.open({ apiKey: 'k-1', ...options });
    await textOf(await rig.send());
    expect(server.received[0]?.headers[header]).toBe(value);
  });

  test('sends headers and query of the configuration', async () => {
    const query = { 'api-version': '2026-01-01', note: 'a b&c' };
    const { server, rig } = await stage.open({ headers: { 'X-Team': 'core' }, query, chatPath: '/deployments/d/chat' });
    await textOf(await rig.send({ headers: { 'x-team': 'client' } }));
    const url = new URL(server.received[0]?.url ?? '', server.origin);
    expect([url.pathname, Object.fromEntries(url.searchParams)]).toEqual(['/v1/deployments/d/chat', query]);
    expect(server.received[0]?.headers['x-team']).toBe('core');
  });
});

describe('bad options are refused at boot', () => {
  const baseUrl = 'http://127.0.0.1:8000/v1';
  test.each([
    ['no address', {}, 'baseUrl'],
    ['an address that is none', { baseUrl: 'localhost:8000' }, 'baseUrl'],
    ['a path without its slash', { baseUrl, chatPath: 'chat' }, 'chatPath'],
    ['a path with a query', { baseUrl, chatPath: '/chat?a=b' }, 'chatPath'],
    ['a scheme of two words', { baseUrl, authScheme: 'My Token' }, 'authScheme'],
    ['a header name with a space', { baseUrl, authHeader: 'x y' }, 'authHeader'],
    ['a quirk that nobody knows', { baseUrl, quirks: { maxTokens: 'x' } }, 'quirks'],
  ])('%s', (_what, options, path) => {
    const { error } = plugin.options.safeParse(options);
    expect(error?.issues[0]?.path[0]).toBe(path);
  });
});
