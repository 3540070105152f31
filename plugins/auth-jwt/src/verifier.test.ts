/** Only what a trusted issuer has signed, for this gateway and for now, is believed. */
import { createHmac, hash } from 'node:crypto';
import { silentLogger, systemClock, type Clock } from '@gatewright/core';
import { exportSPKI, importJWK, type CryptoKey, type JWK } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestIssuer } from './issuer.test.kit.ts';
import { options } from './options.ts';
import { Verifier } from './verifier.ts';

let issuer: TestIssuer;
let now: number;
const clock: Clock = { ...systemClock, now: () => now, monotonic: () => now };
beforeEach(async () => {
  now = Date.UTC(2026, 10, 22, 12);
  issuer = new TestIssuer();
  await issuer.start();
});
afterEach(() => issuer.stop());

function verifier(over: object = {}, issuerOver: object = {}): Verifier {
  const one = { issuer: issuer.url, audience: 'gateway', jwksUrl: `${issuer.url}/keys`, ...issuerOver };
  return new Verifier(options.parse({ issuers: [one], ...over }), clock, silentLogger);
}

const UNAUTHENTICATED = { code: 'GW_UNAUTHENTICATED', status: 401 };
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The message of what a token is refused with. */
async function refusal(token: string, one = verifier()): Promise<string> {
  const error = await Promise.resolve(one.verify(token)).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toMatchObject(UNAUTHENTICATED);
  expect(error?.message).not.toContain(token.slice(0, 30));
  return error?.message ?? '';
}

test('a good token is whose it says, and is verified once', async () => {
  const token = await issuer.sign(now);
  const one = verifier();
  const given = await one.verify(token);
  expect(given).toEqual({ key: 'jwt:ada', user: 'ada', known: ['team', 'organisation'] });
  const again = one.verify(token);
  expect(again).toBe(given);
  expect(issuer.asked).toEqual(['/keys']);
});

test.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])('%s is taken where it is configured', async (algorithm) => {
  await issuer.add('other', algorithm);
  const token = await issuer.sign(now, {}, 'other');
  expect(await verifier({}, { algorithms: [algorithm] }).verify(token)).toMatchObject({ user: 'ada' });
  const others = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'].filter((one) => one !== algorithm);
  expect(await refusal(token, verifier({}, { algorithms: others }))).toMatch(/not signed in a way/);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['another audience', { aud: 'other' }, /"aud"/],
  ['no audience', { aud: undefined }, /"aud"/],
  ['an expiry that has passed', { exp: 1_700_000_000 }, /expired/],
  ['no expiry', { exp: undefined }, /"exp"/],
  ['no time of issue', { iat: undefined }, /"iat"/],
  ['a begin that has not come', { nbf: 4_000_000_000 }, /"nbf"/],
  ['too long a life', { exp: 4_000_000_000 }, /longer than is allowed/],
  ['nobody as its bearer', { sub: '' }, /who its bearer is/],
  ['a bearer that is no text', { sub: 7 }, /./],
  ['a bearer with control characters', { sub: 'ada\n' }, /"sub"/],
  ['a bearer with a very long name', { sub: 'a'.repeat(300) }, /"sub"/],
])('a token with %s is refused', async (_what, claims, message) => {
  expect(await refusal(await issuer.sign(now, claims))).toMatch(message);
});

test('an expiry counts by the clock, with the tolerance that is configured, also for a token that is remembered', async () => {
  const token = await issuer.sign(now, { exp: now / 1000 + 60 });
  const one = verifier({ clockTolerance: '10s' });
  await one.verify(token);
  now += 69_000;
  expect(await one.verify(token)).toMatchObject({ user: 'ada' });
  now += 1000;
  expect(await refusal(token, one)).toMatch(/expired/);
});

test('tokens of other issuers, and what is no token, are left to others without a look at any key', async () => {
  const one = verifier();
  const foreign = await issuer.sign(now, { iss: 'https://elsewhere.example.org' });
  const [head, body] = foreign.split('.');
  for (const credential of [foreign, `${head}.${body}`, `${head}.${body}.a.b`, 'sk-0123456789', '', 'a.b.c', `..`])
    expect(await one.verify(credential)).toBeUndefined();
  expect(await one.verify(`${'a'.repeat(20_000)}.b.c`)).toBeUndefined();
  expect(issuer.asked).toEqual([]);
});

test('a token without a signature is refused, however it says so', async () => {
  const claims = part({ iss: issuer.url, aud: 'gateway', sub: 'ada', iat: now / 1000, exp: now / 1000 + 60 });
  for (const alg of ['none', 'None', 'NONE', '']) {
    await refusal(`${part({ alg, kid: 'one' })}.${claims}.AA`);
    expect(await verifier().verify(`${part({ alg })}.${claims}.`)).toBeUndefined();
  }
});

test('a signature with the public key as a shared secret is refused', async () => {
  const jwk = issuer.keys[0] as JWK;
  const pem = await exportSPKI((await importJWK(jwk, 'RS256')) as CryptoKey);
  const claims = part({ iss: issuer.url, aud: 'gateway', sub: 'admin', iat: now / 1000, exp: now / 1000 + 60 });
  for (const secret of [pem, pem.trim(), JSON.stringify(jwk), jwk.n ?? '']) {
    const text = `${part({ alg: 'HS256', kid: 'one' })}.${claims}`;
    await refusal(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`);
  }
});

test('a shared secret among the public keys signs nothing', async () => {
  const k = Buffer.from('a secret that everybody can read').toString('base64url');
  issuer.keys.push({ kty: 'oct', kid: 'shared', k, alg: 'HS256' });
  const claims = part({ iss: issuer.url, aud: 'gateway', sub: 'admin', iat: now / 1000, exp: now / 1000 + 60 });
  const text = `${part({ alg: 'HS256', kid: 'shared' })}.${claims}`;
  await refusal(`${text}.${createHmac('sha256', 'a secret that everybody can read').update(text).digest('base64url')}`);
});

test('a key that the token brings along is not believed', async () => {
  const stranger = new TestIssuer();
  await stranger.start();
  const forged = await stranger.sign(now, { iss: issuer.url });
  await refusal(forged);
  const [, body = '', signature = ''] = forged.split('.');
  for (const extra of [{ jwk: stranger.keys[0] }, { jku: `${stranger.url}/keys` }, { x5u: `${stranger.url}/keys` }])
    await refusal(`${part({ alg: 'RS256', kid: 'one', ...extra })}.${body}.${signature}`);
  expect(stranger.asked).toEqual([]);
  await stranger.stop();
});

test('a token that agrees with a remembered one in all but its end is verified for itself', async () => {
  const one = verifier();
  const token = await issuer.sign(now);
  await one.verify(token);
  const last = token.endsWith('A') ? 'Q' : 'A';
  await refusal(token.slice(0, -1) + last, one);
  const [head, , signature] = token.split('.');
  const claims = part({ iss: issuer.url, aud: 'gateway', sub: 'admin', iat: now / 1000, exp: now / 1000 + 3600 });
  await refusal(`${head}.${claims}.${signature}`, one);
  expect(hash('sha256', token)).not.toBe(hash('sha256', token.slice(0, 20)));
});

test('what is required of a token is required', async () => {
  const one = verifier({}, { require: { groups: ['llm-users', 'llm-admins'], 'org.name': 'acme' } });
  const good = { groups: ['staff', 'llm-users'], org: { name: 'acme' } };
  expect(await one.verify(await issuer.sign(now, good))).toMatchObject({ user: 'ada' });
  for (const claims of [
    {},
    { ...good, groups: ['staff'] },
    { ...good, org: 'acme' },
    { ...good, groups: 'llm-usersx' },
  ])
    await expect(one.verify(await issuer.sign(now, claims))).rejects.toMatchObject({ code: 'GW_FORBIDDEN' });
});

test('claims say who it is, which models and which role, and nothing that they do not say', async () => {
  const claims = {
    key: 'azp',
    name: 'email',
    team: 'groups',
    organisation: 'https://example.org/org',
    roles: 'realm_access.roles',
    models: 'models',
    tags: 'tags',
    endUser: 'act.sub',
  };
  const roles = { 'llm-admins': 'admin', 'llm-staff': 'user' };
  const one = verifier({}, { claims, roles, prefix: 'kc:' });
  const token = {
    azp: 'app',
    email: 'ada@example.org',
    groups: ['core', 'other'],
    'https://example.org/org': 'acme',
    realm_access: { roles: ['llm-staff', 'llm-admins', 'constructor'] },
    models: 'smart test-*',
    tags: ['a', 7, 'b'],
    act: { sub: 'eve' },
  };
  expect(await one.verify(await issuer.sign(now, token))).toEqual({
    key: 'kc:app',
    name: 'ada@example.org',
    user: 'ada',
    team: 'core',
    organisation: 'acme',
    role: 'admin',
    models: ['smart', 'test-*'],
    tags: ['a', 'b'],
    endUser: 'eve',
    known: ['team', 'organisation'],
  });
  const bare = await one.verify(await issuer.sign(now, { azp: 'app' }));
  expect(bare).toEqual({ key: 'kc:app', user: 'ada', models: [], known: ['team', 'organisation'] });
});

test('no more tokens are remembered than may be', async () => {
  const one = verifier({ cache: 10 });
  const tokens = await Promise.all(Array.from({ length: 12 }, (_, n) => issuer.sign(now, { sub: `u${n}` })));
  for (const token of tokens) await one.verify(token);
  expect(one.verify(tokens[11] ?? '')).not.toBeInstanceOf(Promise);
  expect(one.verify(tokens[0] ?? '')).toBeInstanceOf(Promise);
});
