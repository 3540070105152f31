/** The provider for compatible servers: what it registers, and what it sends. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { WireReply } from '@gatewright/core';
import plugin from './index.ts';
import { attemptOf, loopback, setUp, textOf } from './rig.test.kit.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function running(options: Record<string, unknown> = {}, status?: number, answer?: string) {
  const server = await loopback(status, answer);
  const rig = await setUp(plugin, { baseUrl: `${server.origin}/v1`, ...options });
  cleanups.push(
    () => server.close(),
    () => rig.dispose(),
  );
  return { server, rig };
}

describe('the contract', () => {
  test('name and version are those of the package', () => {
    const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
    expect([plugin.name, plugin.version]).toEqual([pkg.name, pkg.version]);
  });

  test('options are strict, and every one is described', () => {
    expect(() => plugin.options.parse({ baseUrl: 'http://a', baseurl: '' })).toThrow(/baseurl/);
    for (const [name, field] of Object.entries(plugin.options.shape)) {
      expect((field as { description?: string }).description, name).toMatch(/\.$/);
    }
  });

  test('whatever may hold a key is secret', () => {
    const { headers, query } = plugin.options.shape;
    expect([headers, query].map((field) => field.meta()?.['secret'])).toEqual([true, true]);
    expect(plugin.options.shape.apiKey.unwrap().meta()?.['secret']).toBe(true);
  });

  test('it serves what it is told that the server has', async () => {
    const { rig } = await running({ operations: ['completions', 'embeddings'], quirks: { floatEmbeddings: true } });
    expect(rig.options.operations).toEqual({
      completions: { dialect: 'openai-completions', streamUsage: true },
      embeddings: { dialect: 'openai-embeddings-float' },
    });
  });

  test('responses are chats of clients that speak that dialect, and come second', async () => {
    const both = await running({ operations: ['responses', 'chat'] });
    const chat = { dialect: 'openai-chat', streamUsage: true };
    expect(both.rig.options.operations).toEqual({ chat: [chat, { dialect: 'openai-responses' }] });
    const alone = await running({ operations: ['responses'] });
    expect(alone.rig.options.operations).toEqual({ chat: { dialect: 'openai-responses' } });
  });

  test('without quirks it leaves the body alone', async () => {
    const { rig } = await running();
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
    const { rig } = await running({ quirks: { streamUsage: false } });
    const [chat] = [rig.options.operations.chat].flat();
    expect([chat?.streamUsage, typeof chat?.adjust]).toEqual([false, 'function']);
  });
});

describe('a call', () => {
  test('goes to the chat path without any credential where there is no key', async () => {
    const { server, rig } = await running();
    const body = '{"model":"llama"}';
    const reply = (await rig.call(attemptOf({ body, headers: { authorization: 'Bearer client' } }))) as WireReply;
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
    const { server, rig } = await running({ apiKey: 'k-1', ...options });
    await textOf(await rig.call(attemptOf()));
    expect(server.received[0]?.headers[header]).toBe(value);
  });

  test('sends headers and query of the configuration', async () => {
    const query = { 'api-version': '2026-01-01', note: 'a b&c' };
    const { server, rig } = await running({ headers: { 'X-Team': 'core' }, query, chatPath: '/deployments/d/chat' });
    await textOf(await rig.call(attemptOf({ headers: { 'x-team': 'client' } })));
    const url = new URL(server.received[0]?.url ?? '', server.origin);
    expect([url.pathname, Object.fromEntries(url.searchParams)]).toEqual(['/v1/deployments/d/chat', query]);
    expect(server.received[0]?.headers['x-team']).toBe('core');
  });

  test('a server that is not there fails as unreachable', async () => {
    const { server, rig } = await running();
    await server.close();
    cleanups.shift();
    await expect(rig.call(attemptOf())).rejects.toMatchObject({ code: 'GW_UPSTREAM_UNREACHABLE' });
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
