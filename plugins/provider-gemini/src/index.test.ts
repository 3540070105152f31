/** The Gemini provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const KEY = 'AIza-7fQ2xLw9Zr4TbVn8KsYp';
const options = (origin: string) => ({ apiKey: KEY, baseUrl: origin });
const stage = providerStage(plugin, options, { model: 'gemini-3-pro' });

afterEach(() => stage.close());

providerSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options,
    credentials: [KEY],
    models: ['gemini-3-pro'],
  },
);

describe('the contract', () => {
  test('targets call it gemini', () => {
    expect(plugin.id).toBe('gemini');
  });

  test('it serves chat, count-tokens and embeddings in their own dialects', async () => {
    const { rig } = await stage.open();
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
    const { server, rig } = await stage.open();
    const body = '{ "contents" : [] }';
    const reply = await rig.send({ body });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual([
      'POST',
      '/v1beta/models/gemini-3-pro:generateContent',
      body,
    ]);
    expect(request?.headers).toMatchObject({ 'x-goog-api-key': KEY, 'content-type': 'application/json' });
  });

  test('embeds one content or several, as the dialect says', async () => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send({ dialect: 'gemini-embed', model: 'gemini-embedding-001' }));
    await textOf(await rig.send({ dialect: 'gemini-batch-embed', model: 'gemini-embedding-001' }));
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1beta/models/gemini-embedding-001:embedContent',
      '/v1beta/models/gemini-embedding-001:batchEmbedContents',
    ]);
  });

  test('asks for streams as events, counts tokens, and takes another version', async () => {
    const { server, rig } = await stage.open({ apiVersion: 'v1' });
    await textOf(await rig.send({ stream: true }));
    await textOf(await rig.send({ dialect: 'gemini-count-tokens' }));
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1/models/gemini-3-pro:streamGenerateContent?alt=sse',
      '/v1/models/gemini-3-pro:countTokens',
    ]);
  });

  test('a name that is no model is refused before anything is sent', async () => {
    const { server, rig } = await stage.open();
    await expect(rig.send({ model: '../files/secret' })).rejects.toMatchObject({ code: 'GW_BAD_REQUEST' });
    expect(server.received).toHaveLength(0);
  });

  test('no credential of the client goes on, and no header takes the place of the key', async () => {
    const { server, rig } = await stage.open({ headers: { 'X-Goog-Api-Key': 'other', 'X-Extra': 'yes' } });
    const headers = { authorization: 'Bearer client', 'x-goog-api-key': 'client' };
    await textOf(await rig.send({ headers }));
    expect(server.received[0]?.headers).toMatchObject({ 'x-goog-api-key': KEY, 'x-extra': 'yes' });
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
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
