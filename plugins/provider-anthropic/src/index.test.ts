/** The Anthropic provider: what it registers, and what it sends. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { WireReply } from '@gatewright/core';
import plugin from './index.ts';
import { attemptOf, exchangeOf, loopback, setUp, textOf } from './rig.test.kit.ts';

const chat = exchangeOf('chat');
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function running(options: Record<string, unknown> = {}, status?: number, answer?: string) {
  const server = await loopback(status, answer);
  const rig = await setUp(plugin, { apiKey: 'sk-ant-test', baseUrl: server.origin, ...options });
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

  test('it serves chat and count-tokens in their own dialects', async () => {
    const { rig } = await running();
    expect(rig.options).toEqual({
      operations: { chat: { dialect: 'anthropic-messages' }, 'count-tokens': { dialect: 'anthropic-count-tokens' } },
    });
  });
});

describe('a call', () => {
  test('posts the bytes it was given to /v1/messages, with key and version', async () => {
    const { server, rig } = await running();
    const body = '{ "model" : "claude-opus-5", "messages": [] }';
    const reply = (await rig.call(attemptOf({ body }), chat)) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', '/v1/messages', body]);
    expect(request?.headers).toMatchObject({ 'x-api-key': 'sk-ant-test', 'anthropic-version': '2023-06-01' });
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(request?.headers).not.toHaveProperty('anthropic-beta');
  });

  test('counts tokens at /v1/messages/count_tokens', async () => {
    const { server, rig } = await running();
    await textOf(await rig.call(attemptOf(), exchangeOf('count-tokens')));
    expect(server.received[0]?.url).toBe('/v1/messages/count_tokens');
  });

  test("the client's own version wins over the configured one", async () => {
    const { server, rig } = await running({ version: '2024-01-01' });
    await textOf(await rig.call(attemptOf({ headers: { 'anthropic-version': '2026-10-21' } }), chat));
    await textOf(await rig.call(attemptOf(), chat));
    expect(server.received.map(({ headers }) => headers['anthropic-version'])).toEqual(['2026-10-21', '2024-01-01']);
  });

  test("the client's betas and the configured ones go out together", async () => {
    const { server, rig } = await running({ betas: ['one', 'two'], headers: { 'Anthropic-Beta': 'three' } });
    await textOf(await rig.call(attemptOf({ headers: { 'anthropic-beta': 'two, four' } }), chat));
    expect(server.received[0]?.headers['anthropic-beta']).toBe('one,two,three,four');
  });

  test('no credential of the client goes on, and no header takes the place of the key', async () => {
    const { server, rig } = await running({ headers: { 'X-Api-Key': 'other' } });
    const headers = { authorization: 'Bearer client', 'x-api-key': 'client' };
    await textOf(await rig.call(attemptOf({ headers }), chat));
    expect(server.received[0]?.headers['x-api-key']).toBe('sk-ant-test');
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });

  test("a provider's error is a reply like any other", async () => {
    const { rig } = await running({}, 529, '{"type":"error","error":{"type":"overloaded_error","message":"busy"}}');
    const reply = (await rig.call(attemptOf(), chat)) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([529, expect.stringContaining('overloaded_error')]);
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
    ['an address that is none', { apiKey: 'k', baseUrl: 'api.anthropic.com' }, 'baseUrl'],
    ['a version that is no date', { apiKey: 'k', version: 'latest' }, 'version'],
    ['a beta with a comma in it', { apiKey: 'k', betas: ['a,b'] }, 'betas'],
    ['a header value with a line break', { apiKey: 'k', headers: { 'x-a': 'b\r\nx-c: d' } }, 'headers'],
  ])('%s', (_what, options, path) => {
    const { error } = plugin.options.safeParse(options);
    expect(error?.issues[0]?.path[0]).toBe(path);
  });
});
