/** The Mistral provider: what it registers, and what it sends. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { WireReply } from '@gatewright/core';
import plugin from './index.ts';
import { attemptOf, exchangeOf, loopback, setUp, textOf } from './rig.test.kit.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const KEY = 'q9ZbTn3RkLw8PxVd';

async function running(options: Record<string, unknown> = {}, status?: number, answer?: string) {
  const server = await loopback(status, answer);
  const rig = await setUp(plugin, { apiKey: KEY, baseUrl: `${server.origin}/v1`, ...options });
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

  test('options are strict, every one is described, and the key is secret', () => {
    expect(() => plugin.options.parse({ apiKey: 'k', apikey: 'k' })).toThrow(/apikey/);
    expect(() => plugin.options.parse({ apiKey: 'k', baseUrl: 'https://u:p@a.example' })).toThrow(/no user name/);
    for (const [name, field] of Object.entries(plugin.options.shape)) {
      expect((field as { description?: string }).description, name).toMatch(/\.$/);
    }
    const { apiKey, headers } = plugin.options.shape;
    expect([apiKey.meta()?.['secret'], headers.meta()?.['secret']]).toEqual([true, true]);
  });

  test('it serves chat and embeddings in the dialects of OpenAI, and never asks for usage', async () => {
    const { rig } = await running();
    expect(rig.options.operations).toMatchObject({
      chat: { dialect: 'openai-chat', streamUsage: false },
      embeddings: { dialect: 'openai-embeddings' },
    });
  });
});

describe('a call', () => {
  test.each([
    ['chat', '/v1/chat/completions'],
    ['embeddings', '/v1/embeddings'],
  ] as const)('of %s goes to %s, with the key alone', async (operation, path) => {
    const { server, rig } = await running({ headers: { 'X-Team': 'core' } });
    const headers = { authorization: 'Bearer client', 'x-team': 'client' };
    const reply = (await rig.call(attemptOf({ body: '{"a":1}', headers }), exchangeOf(operation))) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', path, '{"a":1}']);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'x-team': 'core' });
  });

  test('that is refused with the key in the message does not hand it on', async () => {
    const { rig } = await running({}, 401, `{"detail":"Bad key ${KEY}"}`);
    expect(await textOf(await rig.call(attemptOf(), exchangeOf('chat')))).toBe('{"detail":"Bad key [redacted]"}');
  });

  test('to a server that is not there fails as unreachable', async () => {
    const { server, rig } = await running();
    await server.close();
    cleanups.shift();
    await expect(rig.call(attemptOf(), exchangeOf('chat'))).rejects.toMatchObject({ code: 'GW_UPSTREAM_UNREACHABLE' });
  });
});
