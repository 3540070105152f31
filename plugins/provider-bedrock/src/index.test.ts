/** The Bedrock provider: what it registers, and what it sends. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { WireReply } from '@gatewright/core';
import plugin from './index.ts';
import { attemptOf, exchangeOf, loopback, NOW, setUp, textOf } from './rig.test.kit.ts';
import { Signer } from './signature.ts';

const chat = exchangeOf('chat');
const cleanups: (() => Promise<void>)[] = [];
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const SESSION = 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVz';

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function running(options: Record<string, unknown> = { apiKey: 'bedrock-key' }, status?: number, answer?: string) {
  const server = await loopback(status, answer);
  const rig = await setUp(plugin, { region: 'us-east-1', baseUrl: server.origin, ...options });
  cleanups.push(
    () => server.close(),
    () => rig.dispose(),
  );
  return { server, rig };
}

describe('the contract', () => {
  test('name and version are those of the package', () => {
    const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
    expect([plugin.name, plugin.version, plugin.id]).toEqual([pkg.name, pkg.version, 'bedrock']);
  });

  test('options are strict, and every one is described', () => {
    const good = { region: 'us-east-1', apiKey: 'k' };
    expect(() => plugin.options.parse({ ...good, apikey: 'k' })).toThrow(/apikey/);
    expect(() => plugin.options.parse({ region: 'us-east-1', credentials: { ...KEYS, token: 't' } })).toThrow(/token/);
    for (const [name, field] of Object.entries(plugin.options.shape)) {
      expect((field as { description?: string }).description, name).toMatch(/\.$/);
    }
  });

  test('it serves chat in its own dialect', async () => {
    const { rig } = await running();
    expect(rig.options).toEqual({ operations: { chat: { dialect: 'bedrock-converse' } } });
  });
});

describe('a call', () => {
  test('with an API key posts the bytes it was given, as a bearer', async () => {
    const { server, rig } = await running();
    const body = '{ "messages": [] }';
    const reply = (await rig.call(attemptOf({ body, model: 'us.amazon.nova-pro-v1:0' }), chat)) as WireReply;
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual([
      'POST',
      '/model/us.amazon.nova-pro-v1%3A0/converse',
      body,
    ]);
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer bedrock-key',
      'content-type': 'application/json',
      accept: 'application/json',
    });
  });

  test('for a stream goes to the path of streams, and says what it takes', async () => {
    const { server, rig } = await running();
    await textOf(await rig.call(attemptOf({ stream: true }), chat));
    const [request] = server.received;
    expect(request?.url).toBe('/model/model/converse-stream');
    expect(request?.headers['accept']).toBe('application/vnd.amazon.eventstream');
  });

  test('with an access key is signed, path and body and session', async () => {
    const credentials = { ...KEYS, sessionToken: SESSION };
    const { server, rig } = await running({ credentials });
    const body = '{"messages":[]}';
    await textOf(await rig.call(attemptOf({ body, model: 'a:0' }), chat));
    const [request] = server.received;
    const signable = {
      method: 'POST',
      host: new URL(server.origin).host,
      path: '/model/a%3A0/converse',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: Buffer.from(body),
    };
    const expected = new Signer(credentials, 'us-east-1', 'bedrock').sign(signable, NOW);
    expect(request?.headers).toMatchObject({ ...expected, host: signable.host });
    expect(JSON.stringify(request?.headers)).not.toContain(KEYS.secretAccessKey);
  });

  test('behind a prefix is sent and signed with it', async () => {
    const server = await loopback();
    const rig = await setUp(plugin, { region: 'us-east-1', credentials: KEYS, baseUrl: `${server.origin}/aws/` });
    cleanups.push(
      () => server.close(),
      () => rig.dispose(),
    );
    await textOf(await rig.call(attemptOf({ body: '{}' }), chat));
    const [request] = server.received;
    expect(request?.url).toBe('/aws/model/model/converse');
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const signable = { method: 'POST', host: new URL(server.origin).host, path: '/aws/model/model/converse', headers };
    const expected = new Signer(KEYS, 'us-east-1', 'bedrock').sign({ ...signable, body: Buffer.from('{}') }, NOW);
    expect(request?.headers['authorization']).toBe(expected['authorization']);
  });

  test('no credential of the client goes on', async () => {
    const { server, rig } = await running();
    await textOf(
      await rig.call(attemptOf({ headers: { authorization: 'Bearer client', 'x-api-key': 'client' } }), chat),
    );
    expect(JSON.stringify(server.received[0]?.headers)).not.toContain('client');
  });

  test.each(['..', '.', ''])('to the model %j is refused before anything is sent', async (model) => {
    const { server, rig } = await running();
    await expect(rig.call(attemptOf({ model }), chat)).rejects.toMatchObject({ code: 'GW_BAD_REQUEST' });
    expect(server.received).toHaveLength(0);
  });

  test("a provider's error is a reply like any other, without the credentials that it repeats", async () => {
    const answer = JSON.stringify({ message: `The token ${SESSION} of ${KEYS.accessKeyId} has expired` });
    const { rig } = await running({ credentials: { ...KEYS, sessionToken: SESSION } }, 403, answer);
    const reply = (await rig.call(attemptOf(), chat)) as WireReply;
    const text = await textOf(reply);
    expect([reply.status, text]).toEqual([403, expect.stringContaining('has expired')]);
    for (const secret of [SESSION, KEYS.accessKeyId]) expect(text).not.toContain(secret);
  });

  test('a server that is not there fails as unreachable', async () => {
    const { server, rig } = await running();
    await server.close();
    cleanups.shift();
    await expect(rig.call(attemptOf(), chat)).rejects.toMatchObject({ code: 'GW_UPSTREAM_UNREACHABLE' });
  });
});

describe('bad options are refused at boot', () => {
  const region = 'us-east-1';
  test.each([
    ['no region', { apiKey: 'k' }, 'region'],
    ['a region that would change the host', { region: 'x.evil.example/', apiKey: 'k' }, 'region'],
    ['neither key nor credentials', { region }, 'apiKey'],
    ['both', { region, apiKey: 'k', credentials: KEYS }, 'apiKey'],
    ['an empty key', { region, apiKey: '' }, 'apiKey'],
    ['a key with a line break', { region, apiKey: 'a\r\nx: y' }, 'apiKey'],
    ['half a pair', { region, credentials: { accessKeyId: 'A' } }, 'credentials'],
    ['an address that is none', { region, apiKey: 'k', baseUrl: 'bedrock.example' }, 'baseUrl'],
  ])('%s', (_what, options, path) => {
    const { error } = plugin.options.safeParse(options);
    expect(error?.issues[0]?.path[0]).toBe(path);
  });
});
