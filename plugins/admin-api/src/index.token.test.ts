/** Who comes with a token of an identity provider has the role that it says, and no more. */
import authJwt from '@gatewright/auth-jwt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Issuer } from './jwks.test.kit.ts';
import { startRig, type Rig } from './rig.test.kit.ts';

const issuer = new Issuer();
/** Signs with keys that nobody has told of, in the other's name. */
const forger = new Issuer();
let rig: Rig;

beforeAll(async () => {
  await Promise.all([issuer.start(), forger.start()]);
  const options = {
    issuer: issuer.url,
    audience: 'gateway',
    jwksUrl: `${issuer.url}/keys`,
    claims: { roles: 'groups', team: 'team', models: 'models' },
    roles: { 'llm-admins': 'admin', 'llm-watchers': 'admin-viewer', 'llm-users': 'user' },
  };
  rig = await startRig({}, undefined, [{ use: authJwt, with: { issuers: [options] } }]);
  for (const user of ['ada', 'bob', 'grace']) {
    await rig.admin('POST', '/user/new', { user_id: user, auto_create_key: false });
  }
  await rig.admin('POST', '/team/new', { team_id: 'core', members_with_roles: [{ user_id: 'ada', role: 'admin' }] });
  await rig.admin('POST', '/team/new', { team_id: 'other', members_with_roles: [{ user_id: 'bob', role: 'user' }] });
});
afterAll(async () => {
  await rig.close();
  await Promise.all([issuer.stop(), forger.stop()]);
});

const as = (sub: string, groups: string[], more: object = {}): ReturnType<Rig['as']> =>
  rig.as(issuer.sign({ sub, groups, models: ['*'], ...more }));

test('an admin of the issuer manages everything, and the audit log says who it was', async () => {
  const admin = as('grace', ['llm-admins']);
  expect((await admin('GET', '/user/list')).status).toBe(200);
  expect((await admin('POST', '/team/update', { team_id: 'core', team_alias: 'By token' })).status).toBe(200);
  const [entry] = (await rig.admin('GET', '/audit?kind=team&id=core&limit=1')).body as unknown as { actor: string }[];
  expect(entry).toMatchObject({ actor: 'jwt:grace', action: 'team.update' });
});

test('a viewer sees everything and changes nothing', async () => {
  const viewer = as('grace', ['llm-watchers']);
  expect((await viewer('GET', '/user/list')).status).toBe(200);
  expect((await viewer('POST', '/team/update', { team_id: 'core', team_alias: 'x' })).status).toBe(403);
  expect((await viewer('POST', '/key/generate', {})).status).toBe(403);
});

test('a user manages keys of their own, and never gains rights by them', async () => {
  const user = as('ada', ['llm-users']);
  expect((await user('GET', '/user/list')).status).toBe(403);
  expect((await user('GET', '/user/info')).body).toMatchObject({ user_id: 'ada' });
  const made = await user('POST', '/key/generate', { models: ['free'] });
  expect(made.body).toMatchObject({ user_id: 'ada', created_by: 'jwt:ada' });
  expect((await user('POST', '/key/generate', { role: 'admin' })).status).toBe(403);
  expect((await user('POST', '/key/generate', { user_id: 'bob' })).status).not.toBe(200);
  expect((await user('GET', '/team/info?team_id=other')).status).toBe(404);
  // The records say that she leads it; the token need not.
  expect((await user('GET', '/team/info?team_id=core')).body).toMatchObject({ team_id: 'core' });
  const stranger = as('bob', ['llm-users']);
  expect((await stranger('GET', `/key/info?key=${String(made.body['token'])}`)).status).toBe(404);
});

test('a token is confined to its models, and so is every key that it makes', async () => {
  const confined = as('ada', ['llm-users'], { models: ['free'] });
  expect((await confined('POST', '/key/generate', { models: ['free'] })).status).toBe(200);
  expect((await confined('POST', '/key/generate', { models: ['smart'] })).status).toBe(403);
  expect((await confined('POST', '/key/generate', {})).status).toBe(403);
});

test('a token without a role that means anything manages nothing', async () => {
  const nobody = as('eve', ['cooks']);
  expect((await nobody('GET', '/user/info?user_id=ada')).status).toBe(404);
  expect((await nobody('POST', '/key/generate', {})).status).toBe(403);
  expect((await nobody('GET', '/user/list')).status).toBe(403);
});

test.each<[string, () => string]>([
  ['expired', () => issuer.sign({ sub: 'grace', groups: ['llm-admins'] }, Date.now() - 7_200_000)],
  ['not for this gateway', () => issuer.sign({ sub: 'grace', groups: ['llm-admins'], aud: 'mail' })],
  ['of another issuer', () => issuer.sign({ sub: 'grace', groups: ['llm-admins'], iss: 'https://evil.example' })],
  ['signed by somebody else', () => forger.sign({ sub: 'grace', groups: ['llm-admins'], iss: issuer.url })],
  ['not signed', () => unsigned({ sub: 'grace', groups: ['llm-admins'] })],
  [
    'signed with what everybody knows',
    () => `${issuer.sign({ sub: 'grace', groups: ['llm-admins'] }).slice(0, -20)}${'A'.repeat(20)}`,
  ],
])('a token that is %s is refused with 401', async (_what, make) => {
  const token = make();
  const { status, body } = await rig.as(token)('GET', '/user/list');
  expect([status, body]).toMatchObject([401, { error: { code: 'GW_UNAUTHENTICATED' } }]);
  expect(rig.logged()).not.toContain(token.slice(0, 60));
});

function unsigned(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  const all = { iss: issuer.url, aud: 'gateway', iat: seconds, exp: seconds + 3600, ...claims };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(all)}.`;
}
