/** The Azure OpenAI provider: what it registers, and what it sends. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { WireReply } from '@gatewright/core';
import plugin from './index.ts';
import { attemptOf, loopback, setUp, textOf } from './rig.test.kit.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const KEY = '84aQ7xLw9Zr4TbVn8KsYp0cJ';

async function running(options: Record<string, unknown> = { apiKey: KEY }, status?: number, answer?: string) {
  const server = await loopback(status, answer);
  const rig = await setUp(plugin, { endpoint: server.origin, ...options });
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
    expect(() => plugin.options.parse({ endpoint: 'https://a.example', apiKey: 'k', apikey: 'k' })).toThrow(/apikey/);
    for (const [name, field] of Object.entries(plugin.options.shape)) {
      expect((field as { description?: string }).description, name).toMatch(/\.$/);
    }
  });

  test('credentials, and headers that may hold one, are secret', () => {
    const { apiKey, token, headers } = plugin.options.shape;
    expect([apiKey.unwrap(), token.unwrap(), headers].map((field) => field.meta()?.['secret'])).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('it serves what Azure has, each in its own dialect', async () => {
    const { rig } = await running();
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
    const { server, rig } = await running({ apiKey: KEY, ...options });
    const body = '{ "model" : "model", "messages": [] }';
    const headers = { authorization: 'Bearer client', 'api-key': 'client', 'x-client-request-id': 'r-1' };
    const reply = (await rig.call(attemptOf({ body, headers }))) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', path, body]);
    expect(request?.headers).toMatchObject({ 'api-key': KEY, 'x-client-request-id': 'r-1' });
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  test('with a token sends it as a Bearer token, and no key', async () => {
    const { server, rig } = await running({ token: 'eyJ0.eyJh.c2ln' });
    await textOf(await rig.call(attemptOf({ headers: { 'api-key': 'client' } })));
    expect(server.received[0]?.headers.authorization).toBe('Bearer eyJ0.eyJh.c2ln');
    expect(server.received[0]?.headers).not.toHaveProperty('api-key');
  });

  test('goes behind a path of the endpoint, with configured headers that win over the client', async () => {
    const server = await loopback();
    const endpoint = `${server.origin}/gate/`;
    const rig = await setUp(plugin, { endpoint, apiKey: KEY, headers: { 'X-Team': 'core' } });
    cleanups.push(
      () => server.close(),
      () => rig.dispose(),
    );
    await textOf(await rig.call(attemptOf({ headers: { 'x-team': 'client' } })));
    const [request] = server.received;
    expect([request?.url, request?.headers['x-team']]).toEqual(['/gate/openai/v1/chat/completions', 'core']);
  });

  test('that is refused with the key in the message does not hand it on', async () => {
    const { rig } = await running({ apiKey: KEY }, 401, `{"error":{"code":"401","message":"Bad key ${KEY}"}}`);
    const reply = (await rig.call(attemptOf())) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([
      401,
      '{"error":{"code":"401","message":"Bad key [redacted]"}}',
    ]);
  });

  test('to a server that is not there fails as unreachable', async () => {
    const { server, rig } = await running();
    await server.close();
    cleanups.shift();
    await expect(rig.call(attemptOf())).rejects.toMatchObject({ code: 'GW_UPSTREAM_UNREACHABLE' });
  });
});
