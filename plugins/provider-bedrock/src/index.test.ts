/** The Bedrock provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock, providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';
import { Signer } from './signature.ts';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const SESSION = 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVz';

/** The time that the tests are at. */
const NOW = Date.UTC(2026, 10, 22, 12, 36);
const clock = new ManualClock(NOW);
const manifest = new URL('../package.json', import.meta.url);
const API_KEY = 'bedrock-api-key-7fQ2xLw9Zr4TbVn8';
const withKey = (origin: string) => ({ region: 'us-east-1', baseUrl: origin, apiKey: API_KEY });
const withCredentials = (origin: string) => ({
  region: 'us-east-1',
  baseUrl: origin,
  credentials: { ...KEYS, sessionToken: SESSION },
});
const stage = providerStage(plugin, withKey, { clock });
const signing = providerStage(plugin, withCredentials, { clock });

afterEach(async () => {
  await stage.close();
  await signing.close();
});

describe('with an API key', () => {
  providerSuite({ describe, test }, { plugin, manifest, options: withKey, credentials: [API_KEY], clock });
});

describe('with an access key', () => {
  const credentials = [KEYS.accessKeyId, KEYS.secretAccessKey, SESSION];
  providerSuite({ describe, test }, { plugin, manifest, options: withCredentials, credentials, clock });
});

describe('the contract', () => {
  test('targets call it bedrock', () => {
    expect(plugin.id).toBe('bedrock');
  });

  test('an access key has no other fields', () => {
    expect(() => plugin.options.parse({ region: 'us-east-1', credentials: { ...KEYS, token: 't' } })).toThrow(/token/);
  });

  test('it serves chat in its own dialect', async () => {
    const { rig } = await stage.open();
    expect(rig.options).toEqual({ operations: { chat: { dialect: 'bedrock-converse' } } });
  });
});

describe('a call', () => {
  test('with an API key posts the bytes it was given, as a bearer', async () => {
    const { server, rig } = await stage.open();
    const body = '{ "messages": [] }';
    const reply = await rig.send({ body, model: 'us.amazon.nova-pro-v1:0' });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual([
      'POST',
      '/model/us.amazon.nova-pro-v1%3A0/converse',
      body,
    ]);
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      accept: 'application/json',
    });
  });

  test('for a stream goes to the path of streams, and says what it takes', async () => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send({ stream: true }));
    const [request] = server.received;
    expect(request?.url).toBe('/model/model/converse-stream');
    expect(request?.headers['accept']).toBe('application/vnd.amazon.eventstream');
  });

  test('with an access key is signed, path and body and session', async () => {
    const credentials = { ...KEYS, sessionToken: SESSION };
    const { server, rig } = await signing.open();
    const body = '{"messages":[]}';
    await textOf(await rig.send({ body, model: 'a:0' }));
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
    const { server, rig } = await signing.open((origin) => ({ credentials: KEYS, baseUrl: `${origin}/aws/` }));
    await textOf(await rig.send({ body: '{}' }));
    const [request] = server.received;
    expect(request?.url).toBe('/aws/model/model/converse');
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const signable = { method: 'POST', host: new URL(server.origin).host, path: '/aws/model/model/converse', headers };
    const expected = new Signer(KEYS, 'us-east-1', 'bedrock').sign({ ...signable, body: Buffer.from('{}') }, NOW);
    expect(request?.headers['authorization']).toBe(expected['authorization']);
  });

  test('no credential of the client goes on', async () => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send({ headers: { authorization: 'Bearer client', 'x-api-key': 'client' } }));
    expect(JSON.stringify(server.received[0]?.headers)).not.toContain('client');
  });

  test.each(['..', '.', ''])('to the model %j is refused before anything is sent', async (model) => {
    const { server, rig } = await stage.open();
    await expect(rig.send({ model })).rejects.toMatchObject({ code: 'GW_BAD_REQUEST' });
    expect(server.received).toHaveLength(0);
  });

  test("a provider's error is a reply like any other, without the credentials that it repeats", async () => {
    const answer = JSON.stringify({ message: `The token ${SESSION} of ${KEYS.accessKeyId} has expired` });
    const { rig } = await signing.open({}, { status: 403, body: answer });
    const reply = await rig.send();
    const text = await textOf(reply);
    expect([reply.status, text]).toEqual([403, expect.stringContaining('has expired')]);
    for (const secret of [SESSION, KEYS.accessKeyId]) expect(text).not.toContain(secret);
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
