/** The Cohere provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const KEY = 'co-7fQ2xLw9Zr4TbVn8KsYp';
const options = (origin: string) => ({ apiKey: KEY, baseUrl: origin });
const stage = providerStage(plugin, options);

afterEach(() => stage.close());

providerSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options, credentials: [KEY] },
);

describe('the contract', () => {
  test('it serves chat, embeddings and rerank in their own dialects', async () => {
    const { rig } = await stage.open();
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
    const { server, rig } = await stage.open();
    const body = '{ "model" : "command-a", "messages": [] }';
    const reply = await rig.send({ body });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', '/v2/chat', body]);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'content-type': 'application/json' });
    expect(request?.headers).not.toHaveProperty('x-client-name');
  });

  test('embeds at /v2/embed', async () => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send({ operation: 'embeddings' }));
    expect(server.received[0]?.url).toBe('/v2/embed');
  });

  test.each([
    ['texts', { documents: ['a'] }, '/v2/rerank'],
    ['no documents in the answer', { documents: ['a'], returnDocuments: false }, '/v2/rerank'],
    ['documents in the answer', { documents: ['a'], returnDocuments: true }, '/v1/rerank'],
    ['documents that are objects', { documents: ['a', { text: 'b' }] }, '/v1/rerank'],
    ['fields of documents', { documents: ['a'], rankFields: ['text'] }, '/v1/rerank'],
  ])('reranks by the version that can: %s', async (_what, request, path) => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send({ operation: 'rerank', request: { model: 'm', query: 'q', ...request } }));
    expect(server.received[0]?.url).toBe(path);
  });

  test("a private deployment's address keeps its path", async () => {
    const { server, rig } = await stage.open((origin) => ({ baseUrl: `${origin}/cohere/` }));
    await textOf(await rig.send());
    expect(server.received[0]?.url).toBe('/cohere/v2/chat');
  });

  test("the client's own name wins over the configured one", async () => {
    const { server, rig } = await stage.open({ clientName: 'gateway' });
    await textOf(await rig.send({ headers: { 'x-client-name': 'app' } }));
    await textOf(await rig.send());
    expect(server.received.map(({ headers }) => headers['x-client-name'])).toEqual(['app', 'gateway']);
  });

  test('no credential of the client goes on, and no header takes the place of the key', async () => {
    const { server, rig } = await stage.open({ headers: { Authorization: 'Bearer other', 'X-Extra': 'yes' } });
    await textOf(await rig.send({ headers: { authorization: 'Bearer client' } }));
    expect(server.received[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'x-extra': 'yes' });
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
