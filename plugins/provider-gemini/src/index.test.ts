/** The Gemini provider: what it registers, and what it sends. */
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
  const rig = await setUp(plugin, { apiKey: 'AIza-test', baseUrl: server.origin, ...options });
  cleanups.push(
    () => server.close(),
    () => rig.dispose(),
  );
  return { server, rig };
}

describe('the contract', () => {
  test('name and version are those of the package', () => {
    const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
    expect([plugin.name, plugin.version, plugin.id]).toEqual([pkg.name, pkg.version, 'gemini']);
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

  test('it serves chat, count-tokens and embeddings in their own dialects', async () => {
    const { rig } = await running();
    expect(rig.options).toEqual({
      operations: {
        chat: { dialect: 'gemini-generate' },
        'count-tokens': { dialect: 'gemini-count-tokens' },
        embeddings: [{ dialect: 'gemini-batch-embed' }, { dialect: 'gemini-embed' }],
      },
    });
  });

  test('without a setting it is the public API', () => {
    expect(plugin.options.parse({ apiKey: 'k' })).toEqual({
      apiKey: 'k',
      baseUrl: 'https://generativelanguage.googleapis.com',
      apiVersion: 'v1beta',
      headers: {},
    });
  });
});

describe('a call', () => {
  test("posts the bytes it was given to the model's path, with the key", async () => {
    const { server, rig } = await running();
    const body = '{ "contents" : [] }';
    const reply = (await rig.call(attemptOf({ body }))) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual([
      'POST',
      '/v1beta/models/gemini-3-pro:generateContent',
      body,
    ]);
    expect(request?.headers).toMatchObject({ 'x-goog-api-key': 'AIza-test', 'content-type': 'application/json' });
  });

  test('embeds one content or several, as the dialect says', async () => {
    const { server, rig } = await running();
    await textOf(await rig.call(attemptOf({ dialect: 'gemini-embed', model: 'gemini-embedding-001' })));
    await textOf(await rig.call(attemptOf({ dialect: 'gemini-batch-embed', model: 'gemini-embedding-001' })));
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1beta/models/gemini-embedding-001:embedContent',
      '/v1beta/models/gemini-embedding-001:batchEmbedContents',
    ]);
  });

  test('asks for streams as events, counts tokens, and takes another version', async () => {
    const { server, rig } = await running({ apiVersion: 'v1' });
    await textOf(await rig.call(attemptOf({ stream: true })));
    await textOf(await rig.call(attemptOf({ dialect: 'gemini-count-tokens' })));
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1/models/gemini-3-pro:streamGenerateContent?alt=sse',
      '/v1/models/gemini-3-pro:countTokens',
    ]);
  });

  test('a name that is no model is refused before anything is sent', async () => {
    const { server, rig } = await running();
    const call = async () => rig.call(attemptOf({ model: '../files/secret' }));
    await expect(call()).rejects.toMatchObject({ code: 'GW_BAD_REQUEST' });
    expect(server.received).toHaveLength(0);
  });

  test('no credential of the client goes on, and no header takes the place of the key', async () => {
    const { server, rig } = await running({ headers: { 'X-Goog-Api-Key': 'other', 'X-Extra': 'yes' } });
    const headers = { authorization: 'Bearer client', 'x-goog-api-key': 'client' };
    await textOf(await rig.call(attemptOf({ headers })));
    expect(server.received[0]?.headers).toMatchObject({ 'x-goog-api-key': 'AIza-test', 'x-extra': 'yes' });
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });

  test("a provider's error is a reply like any other", async () => {
    const { rig } = await running({}, 503, '{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}');
    const reply = (await rig.call(attemptOf())) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([503, expect.stringContaining('UNAVAILABLE')]);
  });

  test('a server that is not there fails as unreachable', async () => {
    const { server, rig } = await running();
    await server.close();
    cleanups.shift();
    await expect(rig.call(attemptOf())).rejects.toMatchObject({ code: 'GW_UPSTREAM_UNREACHABLE' });
  });
});

describe('bad options are refused at boot', () => {
  test.each([
    ['no key', {}, 'apiKey'],
    ['an empty key', { apiKey: '' }, 'apiKey'],
    ['an address that is none', { apiKey: 'k', baseUrl: 'generativelanguage.googleapis.com' }, 'baseUrl'],
    ['a version with a path in it', { apiKey: 'k', apiVersion: 'v1/../x' }, 'apiVersion'],
    ['a header value with a line break', { apiKey: 'k', headers: { 'x-a': 'b\r\nx-c: d' } }, 'headers'],
  ])('%s', (_what, options, path) => {
    const { error } = plugin.options.safeParse(options);
    expect(error?.issues[0]?.path[0]).toBe(path);
  });
});
