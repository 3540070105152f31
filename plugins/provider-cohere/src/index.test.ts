/** The Cohere provider: what it registers, and what it sends. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Exchange, WireReply } from '@gatewright/core';
import plugin from './index.ts';
import { attemptOf, exchangeOf, loopback, setUp, textOf } from './rig.test.kit.ts';

const chat = exchangeOf('chat');
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function running(options: Record<string, unknown> = {}, status?: number, answer?: string) {
  const server = await loopback(status, answer);
  const rig = await setUp(plugin, { apiKey: 'co-test', baseUrl: server.origin, ...options });
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
    expect(() => plugin.options.parse({ apiKey: 'k', apikey: 'k' })).toThrow(/apikey/);
    for (const [name, field] of Object.entries(plugin.options.shape)) {
      expect((field as { description?: string }).description, name).toMatch(/\.$/);
    }
  });

  test('the key, and headers that may hold one, are secret', () => {
    expect(plugin.options.shape.apiKey.meta()?.['secret']).toBe(true);
    expect(plugin.options.shape.headers.meta()?.['secret']).toBe(true);
  });

  test('it serves chat, embeddings and rerank in their own dialects', async () => {
    const { rig } = await running();
    expect(rig.options).toEqual({
      operations: {
        chat: { dialect: 'cohere-chat' },
        embeddings: { dialect: 'cohere-embed' },
        rerank: { dialect: 'cohere-rerank' },
      },
    });
  });

  test('without a setting it is the public API', () => {
    expect(plugin.options.parse({ apiKey: 'k' })).toEqual({
      apiKey: 'k',
      baseUrl: 'https://api.cohere.com',
      headers: {},
    });
  });
});

describe('a call', () => {
  test('posts the bytes it was given to /v2/chat, with the key', async () => {
    const { server, rig } = await running();
    const body = '{ "model" : "command-a", "messages": [] }';
    const reply = (await rig.call(attemptOf({ body }), chat)) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', '/v2/chat', body]);
    expect(request?.headers).toMatchObject({ authorization: 'Bearer co-test', 'content-type': 'application/json' });
    expect(request?.headers).not.toHaveProperty('x-client-name');
  });

  test('embeds at /v2/embed', async () => {
    const { server, rig } = await running();
    await textOf(await rig.call(attemptOf(), exchangeOf('embeddings')));
    expect(server.received[0]?.url).toBe('/v2/embed');
  });

  test.each([
    ['texts', { documents: ['a'] }, '/v2/rerank'],
    ['no documents in the answer', { documents: ['a'], returnDocuments: false }, '/v2/rerank'],
    ['documents in the answer', { documents: ['a'], returnDocuments: true }, '/v1/rerank'],
    ['documents that are objects', { documents: ['a', { text: 'b' }] }, '/v1/rerank'],
    ['fields of documents', { documents: ['a'], rankFields: ['text'] }, '/v1/rerank'],
  ])('reranks by the version that can: %s', async (_what, request, path) => {
    const { server, rig } = await running();
    const exchange = { ...exchangeOf('rerank'), request: () => ({ model: 'm', query: 'q', ...request }) };
    await textOf(await rig.call(attemptOf(), exchange as Exchange));
    expect(server.received[0]?.url).toBe(path);
  });

  test("a private deployment's address keeps its path", async () => {
    const server = await loopback();
    const rig = await setUp(plugin, { apiKey: 'co-test', baseUrl: `${server.origin}/cohere/` });
    cleanups.push(
      () => server.close(),
      () => rig.dispose(),
    );
    await textOf(await rig.call(attemptOf(), chat));
    expect(server.received[0]?.url).toBe('/cohere/v2/chat');
  });

  test("the client's own name wins over the configured one", async () => {
    const { server, rig } = await running({ clientName: 'gateway' });
    await textOf(await rig.call(attemptOf({ headers: { 'x-client-name': 'app' } }), chat));
    await textOf(await rig.call(attemptOf(), chat));
    expect(server.received.map(({ headers }) => headers['x-client-name'])).toEqual(['app', 'gateway']);
  });

  test('no credential of the client goes on, and no header takes the place of the key', async () => {
    const { server, rig } = await running({ headers: { Authorization: 'Bearer other', 'X-Extra': 'yes' } });
    await textOf(await rig.call(attemptOf({ headers: { authorization: 'Bearer client' } }), chat));
    expect(server.received[0]?.headers).toMatchObject({ authorization: 'Bearer co-test', 'x-extra': 'yes' });
  });

  test("a provider's error is a reply like any other", async () => {
    const { rig } = await running({}, 429, '{"id":"1","message":"Please wait and try again later"}');
    const reply = (await rig.call(attemptOf(), chat)) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([429, expect.stringContaining('Please wait')]);
  });

  test('a server that is not there fails as unreachable', async () => {
    const { server, rig } = await running();
    await server.close();
    cleanups.shift();
    await expect(rig.call(attemptOf(), chat)).rejects.toMatchObject({ code: 'GW_UPSTREAM_UNREACHABLE' });
  });
});

describe('bad options are refused at boot', () => {
  test.each([
    ['no key', {}, 'apiKey'],
    ['an empty key', { apiKey: '' }, 'apiKey'],
    ['an address that is none', { apiKey: 'k', baseUrl: 'api.cohere.com' }, 'baseUrl'],
    ['a client name with a line break', { apiKey: 'k', clientName: 'a\r\nb' }, 'clientName'],
    ['a header value with a line break', { apiKey: 'k', headers: { 'x-a': 'b\r\nx-c: d' } }, 'headers'],
  ])('%s', (_what, options, path) => {
    const { error } = plugin.options.safeParse(options);
    expect(error?.issues[0]?.path[0]).toBe(path);
  });
});
