/** The Ollama provider: what it registers, and what it sends. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { WireReply } from '@gatewright/core';
import plugin from './index.ts';
import { attemptOf, exchangeOf, loopback, setUp, textOf } from './rig.test.kit.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function running(options: Record<string, unknown> = {}, status?: number, answer?: string) {
  const server = await loopback(status, answer);
  const rig = await setUp(plugin, { baseUrl: server.origin, ...options });
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
    expect(plugin.options.parse({})).toEqual({ baseUrl: 'http://127.0.0.1:11434', options: {}, headers: {} });
    expect(() => plugin.options.parse({ numctx: 1 })).toThrow(/numctx/);
    expect(() => plugin.options.parse({ baseUrl: 'http://127.0.0.1:11434/v1' })).toThrow(/must end before/);
    expect(() => plugin.options.parse({ keepAlive: 'a while' })).toThrow(/keepAlive/);
    for (const [name, field] of Object.entries(plugin.options.shape)) {
      expect((field as { description?: string }).description, name).toMatch(/\.$/);
    }
    const { apiKey, headers } = plugin.options.shape;
    expect([apiKey.unwrap().meta()?.['secret'], headers.meta()?.['secret']]).toEqual([true, true]);
  });

  test('it serves chat in its own dialect, and leaves the body alone where there are no defaults', async () => {
    const { rig } = await running();
    const embeddings = { dialect: 'openai-embeddings' };
    expect(rig.options).toEqual({ operations: { chat: { dialect: 'ollama-chat' }, embeddings } });
    const { rig: other } = await running({ numCtx: 8192 });
    expect(other.options.operations.chat).toHaveProperty('adjust');
  });
});

describe('a call', () => {
  test.each([
    ['chat', '/api/chat'],
    ['embeddings', '/v1/embeddings'],
  ] as const)('of %s goes to %s without any credential', async (operation, path) => {
    const { server, rig } = await running();
    const headers = { authorization: 'Bearer client' };
    const reply = (await rig.call(attemptOf({ body: '{"a":1}', headers }), exchangeOf(operation))) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', path, '{"a":1}']);
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  test('with a key sends it, and does not hand it on where it is refused', async () => {
    const { server, rig } = await running({ apiKey: 'k3yForTheCloud99' }, 401, '{"error":"bad k3yForTheCloud99"}');
    const text = await textOf(await rig.call(attemptOf(), exchangeOf('chat')));
    expect(text).toBe('{"error":"bad [redacted]"}');
    expect(server.received[0]?.headers.authorization).toBe('Bearer k3yForTheCloud99');
  });

  test('to a server that does not run says how to start it', async () => {
    const { server, rig } = await running();
    await server.close();
    cleanups.shift();
    const failure = await rig.call(attemptOf(), exchangeOf('chat')).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'GW_UPSTREAM_UNREACHABLE',
      retryable: true,
      details: { target: 'ollama/llama3.2', help: expect.stringContaining('Start it with "ollama serve"') },
    });
  });
});
