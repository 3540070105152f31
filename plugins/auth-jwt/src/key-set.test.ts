/** Keys are fetched once for all, kept through outages, and asked for again when one is missing. */
import { silentLogger, systemClock, type Clock } from '@gatewright/core';
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

const TIMES = { maxAge: '10m', stale: '1h', pause: '30s', timeout: '1s' };

function verifier(issuerOver: object = {}): Verifier {
  const one = { issuer: issuer.url, audience: 'gateway', ...issuerOver };
  return new Verifier(options.parse({ issuers: [one], keys: TIMES }), clock, silentLogger);
}

const token = (n: number, kid?: string): Promise<string> => issuer.sign(now, { sub: `u${n}` }, kid);
const UNAVAILABLE = { code: 'GW_AUTH_UNAVAILABLE', status: 503 };

test('the issuer’s configuration says where its keys are', async () => {
  expect(await verifier().verify(await token(1))).toMatchObject({ user: 'u1' });
  expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
});

test('the configuration of another issuer is not believed', async () => {
  const other = `http://localhost:${new URL(issuer.url).port}`;
  const one = verifier({ issuer: other });
  await expect(one.verify(await issuer.sign(now, { iss: other }))).rejects.toMatchObject(UNAVAILABLE);
});

test('many who come at once wait for one answer', async () => {
  const one = verifier();
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => token(n)));
  await Promise.all(tokens.map((each) => Promise.resolve(one.verify(each))));
  expect(issuer.asked).toHaveLength(2);
});

test('a new key is found when a token names it, and unknown ones are not asked for again and again', async () => {
  const one = verifier();
  await one.verify(await token(1));
  now += 30_000;
  await issuer.add('two', 'ES256');
  expect(await one.verify(await token(2, 'two'))).toMatchObject({ user: 'u2' });
  const before = issuer.asked.length;
  issuer.keys.pop();
  const stranger = new TestIssuer();
  await stranger.start();
  await stranger.add('three', 'RS256');
  for (let n = 0; n < 10; n++) {
    const forged = await stranger.sign(now, { iss: issuer.url, sub: `x${n}` }, 'three');
    await expect(one.verify(forged)).rejects.toMatchObject({ code: 'GW_UNAUTHENTICATED' });
  }
  expect(issuer.asked).toHaveLength(before);
  await stranger.stop();
});

test('a key that is withdrawn is no longer taken when the keys are asked for again, remembered or not', async () => {
  const one = verifier();
  await issuer.add('two', 'ES256');
  const old = await token(1);
  await one.verify(old);
  issuer.keys.shift();
  now += 600_001;
  await expect(one.verify(old)).rejects.toMatchObject({ code: 'GW_UNAUTHENTICATED' });
  expect(await one.verify(await token(2, 'two'))).toMatchObject({ user: 'u2' });
});

test('keys are used on while the issuer cannot be asked, for so long, and it is asked once in a while', async () => {
  const one = verifier();
  await one.verify(await token(1));
  issuer.answer = { status: 500, body: '' };
  now += 660_000;
  const before = issuer.asked.length;
  for (let n = 2; n < 6; n++) expect(await one.verify(await token(n))).toMatchObject({ user: `u${n}` });
  expect(issuer.asked.length - before).toBe(1);
  now += 3_600_000;
  await expect(one.verify(await token(7))).rejects.toMatchObject(UNAVAILABLE);
  issuer.answer = undefined;
  await expect(one.verify(await token(8))).rejects.toMatchObject(UNAVAILABLE);
  now += 30_000;
  expect(await one.verify(await token(9))).toMatchObject({ user: 'u9' });
});

test.each<[string, { status: number; body: string }]>([
  ['an error', { status: 500, body: '' }],
  ['a redirect', { status: 302, body: '' }],
  ['no JSON', { status: 200, body: '<html>' }],
  ['something else', { status: 200, body: '{"a":1}' }],
  ['a list', { status: 200, body: '[]' }],
  ['too much', { status: 200, body: `{"keys":[],"a":"${'x'.repeat(2 * 1024 * 1024)}"}` }],
])('an issuer that answers with %s is 503, never 401', async (_what, answer) => {
  issuer.answer = answer;
  const one = verifier({ jwksUrl: `${issuer.url}/keys` });
  await expect(one.verify(await token(1))).rejects.toMatchObject(UNAVAILABLE);
});

test('an issuer that does not answer holds nobody up for longer than configured', async () => {
  issuer.hangs = true;
  const begun = performance.now();
  await expect(verifier().verify(await token(1))).rejects.toMatchObject(UNAVAILABLE);
  expect(performance.now() - begun).toBeLessThan(4000);
});
