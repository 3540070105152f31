/** Tokens of Entra ID: had from a token service that a test plays, kept, renewed, and never shown. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, providerStage, textOf, type FakeUpstream } from '@gatewright/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import plugin from './index.ts';

const SECRET = 'Zx8Q~7fQ2xLw9Zr4TbVn8KsYp0cJ';
const MINUTE = 60_000;

let clock: ManualClock;
let stage: ReturnType<typeof providerStage>;

beforeEach(() => {
  clock = new ManualClock();
  stage = providerStage(plugin, (origin) => ({ endpoint: origin }), { clock });
});
afterEach(() => stage.close());

const grant = (token: string, seconds: number | string = 3599) => ({
  body: JSON.stringify({ token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token }),
});
const application = ({ origin }: FakeUpstream, more: Record<string, unknown> = {}) => ({
  entra: { tenantId: 'tenant-1', clientId: 'app-1', clientSecret: SECRET, authority: origin, ...more },
});

describe('with an application', () => {
  test('one token is had for many calls, as the flow of client credentials has it', async () => {
    const tokens = await stage.upstream(grant('eyJ.one.x'));
    const { server, rig } = await stage.open(application(tokens));
    const headers = { authorization: 'Bearer client', 'api-key': 'client' };
    await Promise.all([1, 2, 3].map(async () => textOf(await rig.send({ headers }))));
    expect(server.received.map((request) => request.headers.authorization)).toEqual(Array(3).fill('Bearer eyJ.one.x'));
    expect(server.received[0]?.headers).not.toHaveProperty('api-key');
    expect(tokens.received).toHaveLength(1);
    expect(tokens.received[0]).toMatchObject({ method: 'POST', url: '/tenant-1/oauth2/v2.0/token' });
    expect(Object.fromEntries(new URLSearchParams(tokens.received[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'app-1',
      client_secret: SECRET,
      scope: 'https://cognitiveservices.azure.com/.default',
    });
  });

  test('a token is renewed ahead of its end, and nobody waits for that', async () => {
    const tokens = await stage.upstream(grant('eyJ.one.x'));
    const { server, rig } = await stage.open(application(tokens));
    await textOf(await rig.send());
    tokens.answer(grant('eyJ.two.x'));
    clock.advance(50 * MINUTE);
    await textOf(await rig.send());
    expect(tokens.received).toHaveLength(1);
    clock.advance(6 * MINUTE);
    await textOf(await rig.send());
    await expect.poll(() => tokens.received.length).toBe(2);
    await expect
      .poll(async () => {
        await textOf(await rig.send());
        return server.received.at(-1)?.headers.authorization;
      })
      .toBe('Bearer eyJ.two.x');
    expect(server.received[2]?.headers.authorization).toBe('Bearer eyJ.one.x');
  });

  test('a token that Azure refuses is not used again, and is kept out of the error', async () => {
    const tokens = await stage.upstream(grant('eyJ0eXAi.secret-of-token.x'));
    const refusal = { status: 401, body: '{"error":{"message":"Bad eyJ0eXAi.secret-of-token.x"}}' };
    const { rig } = await stage.open(application(tokens), refusal);
    for (let i = 0; i < 2; i++) expect(await textOf(await rig.send())).toBe('{"error":{"message":"Bad [redacted]"}}');
    expect(tokens.received).toHaveLength(2);
  });

  test.each([
    [
      401,
      `{"error":"invalid_client","error_description":"AADSTS7000215: ${SECRET}"}`,
      false,
      /answered 401 \(invalid_client\)/,
    ],
    [400, '{"error":"invalid_request"}', false, /answered 400 \(invalid_request\)/],
    [503, '<html>', true, /answered 503/],
    [200, '{}', false, /answered 200/],
  ])(
    'where none is given (%s), nothing is sent, and the error says what to do without the secret',
    async (status, body, retryable, message) => {
      const tokens = await stage.upstream({ status, body });
      const { server, rig } = await stage.open(application(tokens));
      const error = await rig.send().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'GW_UPSTREAM_ERROR', retryable, message: expect.stringMatching(message) });
      expect(error).toMatchObject({ details: { help: expect.stringContaining('secret has not expired') } });
      expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
      expect(server.received).toHaveLength(0);
    },
  );

  test('a service that is not there can be tried again', async () => {
    const tokens = await stage.upstream();
    await tokens.close();
    const { rig } = await stage.open(application(tokens));
    await expect(rig.send()).rejects.toMatchObject({ code: 'GW_UPSTREAM_UNREACHABLE', retryable: true });
  });

  test('a workload proves itself with the token in its file, as that is at the time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'entra-'));
    const tokenFile = join(folder, 'token');
    try {
      const tokens = await stage.upstream(grant('eyJ.one.x', 60));
      const { rig } = await stage.open(application(tokens, { clientSecret: undefined, tokenFile }));
      await expect(rig.send()).rejects.toMatchObject({ message: expect.stringContaining('ENOENT') });
      for (const assertion of ['first', 'second']) {
        await writeFile(tokenFile, `${assertion}\n`);
        await textOf(await rig.send());
        clock.advance(MINUTE);
      }
      const sent = tokens.received.map((request) => new URLSearchParams(request.body));
      expect(sent.map((form) => form.get('client_assertion'))).toEqual(['first', 'second']);
      expect(sent[0]?.get('client_assertion_type')).toMatch(/jwt-bearer$/);
      expect(sent[0]?.has('client_secret')).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('with the identity of the machine', () => {
  test.each([
    [{}, ''],
    [{ clientId: 'id-1' }, '&client_id=id-1'],
  ])('%j: a token is had as it is given there, its lifetime in a text', async (more, query) => {
    const tokens = await stage.upstream(grant('eyJ.machine.x', '3600'));
    const { server, rig } = await stage.open({ managedIdentity: { url: tokens.origin, ...more } });
    for (let i = 0; i < 2; i++) await textOf(await rig.send());
    expect(server.received[1]?.headers.authorization).toBe('Bearer eyJ.machine.x');
    expect(tokens.received).toHaveLength(1);
    expect(tokens.received[0]).toMatchObject({
      method: 'GET',
      url: `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcognitiveservices.azure.com${query}`,
      headers: { metadata: 'true' },
    });
  });
});
