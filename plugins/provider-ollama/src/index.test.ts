/** The Ollama provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const KEY = 'k3yForTheCloud99';
const options = (origin: string) => ({ baseUrl: origin });
const stage = providerStage(plugin, options, { model: 'llama3.2' });

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
  test('options have defaults, and what is no good is refused by name', () => {
    expect(plugin.options.parse({})).toEqual({ baseUrl: 'http://127.0.0.1:11434', options: {}, headers: {} });
    expect(() => plugin.options.parse({ numctx: 1 })).toThrow(/numctx/);
    expect(() => plugin.options.parse({ baseUrl: 'http://127.0.0.1:11434/v1' })).toThrow(/must end before/);
    expect(() => plugin.options.parse({ keepAlive: 'a while' })).toThrow(/keepAlive/);
  });

  test('it serves chat in its own dialect, and leaves the body alone where there are no defaults', async () => {
    const { rig } = await stage.open();
    const embeddings = { dialect: 'openai-embeddings' };
    const chat = { dialect: 'ollama-chat', prefill: expect.any(Function) as unknown };
    expect(rig.options).toEqual({ operations: { chat, embeddings } });
    const { rig: other } = await stage.open({ numCtx: 8192 });
    expect(other.options.operations.chat).toHaveProperty('adjust');
  });
});

describe('a call', () => {
  test.each([
    ['chat', '/api/chat'],
    ['embeddings', '/v1/embeddings'],
  ] as const)('of %s goes to %s without any credential', async (operation, path) => {
    const { server, rig } = await stage.open();
    const headers = { authorization: 'Bearer client' };
    const reply = await rig.send({ operation, body: '{"a":1}', headers });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', path, '{"a":1}']);
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  test('with a key sends it, and does not hand it on where it is refused', async () => {
    const { server, rig } = await stage.open({ apiKey: KEY }, { status: 401, body: `{"error":"bad ${KEY}"}` });
    const text = await textOf(await rig.send());
    expect(text).toBe('{"error":"bad [redacted]"}');
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test('to a server that does not run says how to start it', async () => {
    const { server, rig } = await stage.open();
    await server.close();
    const failure = await rig.send().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'GW_UPSTREAM_UNREACHABLE',
      retryable: true,
      details: { target: 'ollama/llama3.2', help: expect.stringContaining('Start it with "ollama serve"') },
    });
  });
});
