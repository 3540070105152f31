/** Nobody gains rights through the management surface, nobody learns what they may not see, and no answer tells a secret. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_KEY, ROUTES, startRig, type Rig } from './rig.test.kit.ts';

let rig: Rig;
const keys: Record<string, string> = {};
const tokens: Record<string, string> = {};

async function make(name: string, fields: object): Promise<void> {
  const { body } = await rig.admin('POST', '/key/generate', { key_alias: name, ...fields });
  keys[name] = body['key'] as string;
  tokens[name] = body['token'] as string;
}

beforeAll(async () => {
  rig = await startRig();
  for (const user of ['ada', 'bob', 'lead', 'watcher']) {
    const role = user === 'watcher' ? 'proxy_admin_viewer' : 'internal_user';
    await rig.admin('POST', '/user/new', { user_id: user, user_role: role, auto_create_key: false });
  }
  await rig.admin('POST', '/team/new', {
    team_id: 'core',
    members_with_roles: [
      { user_id: 'lead', role: 'admin' },
      { user_id: 'ada', role: 'user' },
    ],
  });
  await rig.admin('POST', '/team/new', { team_id: 'other', members_with_roles: [{ user_id: 'bob', role: 'user' }] });
  await make('plain', {});
  await make('ada', { user_id: 'ada', role: 'user' });
  await make('confined', { user_id: 'ada', role: 'user', models: ['free'], duration: '1d' });
  await make('bob', { user_id: 'bob', role: 'user', team_id: 'other' });
  await make('lead', { user_id: 'lead', role: 'user' });
  await make('watcher', { user_id: 'watcher', role: 'admin-viewer' });
  await make('core', { user_id: 'ada', team_id: 'core' });
});
afterAll(() => rig.close());

const send = (name: string): ReturnType<Rig['as']> => rig.as(keys[name]);

describe('routes are for those who may use them', () => {
  const closed = ROUTES.filter(({ access }) => access !== 'open');

  test.each(closed.map((one) => [one.method, one.path] as const))('%s %s needs a key', async (method, path) => {
    const body = method === 'GET' ? undefined : {};
    for (const key of [undefined, 'sk-nobody-0123456789abcdef', ADMIN_KEY.slice(0, -1), `${ADMIN_KEY}x`]) {
      const { status, headers } = await rig.as(key)(method, path.replaceAll(/:\w+/g, 'x'), body);
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
  });

  const forAdmins = closed.filter(({ access }) => access === 'admin');
  test.each(forAdmins.map((one) => [one.method, one.path] as const))(
    '%s %s is for admins only',
    async (method, path) => {
      for (const name of ['plain', 'ada', 'lead', 'watcher', 'core']) {
        const { status, body } = await send(name)(method, path.replaceAll(/:\w+/g, 'x'), { nonsense: 1 });
        expect([name, status, body]).toMatchObject([name, 403, { error: { type: 'permission_error' } }]);
      }
    },
  );

  const forViewers = closed.filter(({ access }) => access === 'viewer');
  test.each(forViewers.map((one) => [one.method, one.path] as const))(
    '%s %s is for admins and viewers',
    async (method, path) => {
      for (const name of ['plain', 'ada', 'lead', 'core']) {
        expect((await send(name)(method, path, method === 'GET' ? undefined : {})).status).toBe(403);
      }
      expect((await send('watcher')(method, path, method === 'GET' ? undefined : {})).status).not.toBe(403);
    },
  );
});

describe('nobody gains rights', () => {
  test.each([
    ['a key without a role makes none', 'plain', '/key/generate', {}],
    ['a viewer makes none', 'watcher', '/key/generate', {}],
    ['a viewer changes none', 'watcher', '/key/update', { key: 'ada', max_budget: 1 }],
    ['a user makes no admin', 'ada', '/key/generate', { role: 'admin' }],
    ['a user makes no viewer of everything', 'ada', '/key/generate', { role: 'proxy_admin_viewer' }],
    ['a user makes no key for somebody else', 'ada', '/key/generate', { user_id: 'bob' }],
    ['a user makes no key in a team that is not theirs', 'ada', '/key/generate', { team_id: 'other' }],
    ['a user chooses no secret', 'ada', '/key/generate', { key: 'sk-chosen-by-the-user-01' }],
    ['a user brings no hash', 'ada', '/key/generate', { token: 'a'.repeat(64) }],
    ['a user imports no spend', 'ada', '/key/generate', { spend: 1 }],
    ['a confined key makes no broader one', 'confined', '/key/generate', { duration: '1h' }],
    ['a confined key makes none for other models', 'confined', '/key/generate', { models: ['smart'], duration: '1h' }],
    ['a confined key makes none that lives longer', 'confined', '/key/generate', { models: ['free'], duration: '9d' }],
    ['a key does not change its own role', 'ada', '/key/update', { key: 'ada', role: 'admin' }],
    ['a key does not change its own budget', 'ada', '/key/update', { key: 'ada', max_budget: 1000 }],
    ['a key does not change its own limits', 'ada', '/key/update', { key: 'ada', rpm_limit: 1000 }],
    ['a key does not change its own models', 'confined', '/key/update', { key: 'confined', models: [] }],
    ['a user widens no other key of theirs', 'ada', '/key/update', { key: 'confined', models: [] }],
    ['a confined key takes over no broader one', 'confined', '/key/regenerate', { key: 'ada' }],
    ['a user changes no role of theirs', 'ada', '/user/update', { user_id: 'ada', user_role: 'proxy_admin' }],
    ['a user changes no budget of theirs', 'ada', '/user/update', { user_id: 'ada', max_budget: 1000 }],
    ['a member changes nothing of the team', 'ada', '/team/update', { team_id: 'core', max_budget: 1000 }],
    ['who leads a team changes no budget of it', 'lead', '/team/update', { team_id: 'core', max_budget: 1000 }],
    [
      'who leads a team gives themself nothing',
      'lead',
      '/team/member_update',
      { team_id: 'core', user_id: 'lead', max_budget_in_team: 9 },
    ],
    ['a user makes no team', 'ada', '/team/new', { team_id: 'mine' }],
    ['a user deletes no team', 'ada', '/team/delete', { team_ids: ['core'] }],
  ])('%s', async (_what, name, path, body) => {
    expect((await send(name)('POST', path, body)).status).toBe(403);
  });

  test('what they may do, they can: keys of their own, and members of a team that they lead', async () => {
    expect((await send('ada')('POST', '/key/generate', { models: ['free'] })).body).toMatchObject({ user_id: 'ada' });
    expect((await send('confined')('POST', '/key/generate', { models: ['free'], duration: '1h' })).status).toBe(200);
    const added = await send('lead')('POST', '/team/member_add', {
      team_id: 'core',
      member: { user_id: 'bob', role: 'user' },
    });
    expect(added.status).toBe(200);
    expect((await send('lead')('POST', '/team/member_delete', { team_id: 'core', user_id: 'bob' })).status).toBe(200);
    expect((await send('lead')('POST', '/key/block', { key: 'core' })).body).toMatchObject({ blocked: true });
    expect((await send('lead')('POST', '/key/unblock', { key: 'core' })).status).toBe(200);
  });
});

describe('what somebody may not see is not there for them', () => {
  const same = async (
    name: string,
    there: [path: string, body?: object],
    gone: [path: string, body?: object],
  ): Promise<void> => {
    const ask = async ([path, body]: [string, object?]): Promise<unknown> => {
      const told = await send(name)(body === undefined ? 'GET' : 'POST', path, body);
      return [told.status, JSON.stringify(told.body).replaceAll(/"[\w-]*(bob|nowhere|other)[\w-]*\\?"/g, '"…"')];
    };
    const [one, another] = [await ask(there), await ask(gone)];
    expect(one).toEqual(another);
    expect((one as [number])[0]).toBeGreaterThanOrEqual(403);
  };

  test.each(['plain', 'ada', 'lead'])('for %s', async (name) => {
    await same(name, ['/key/info?key=bob'], ['/key/info?key=nowhere']);
    await same(
      name,
      ['/key/update', { key: 'bob', max_budget: 1 }],
      ['/key/update', { key: 'nowhere', max_budget: 1 }],
    );
    await same(name, ['/key/delete', { keys: ['bob'] }], ['/key/delete', { keys: ['nowhere'] }]);
    await same(name, ['/team/info?team_id=other'], ['/team/info?team_id=nowhere']);
    await same(name, ['/user/info?user_id=bob'], ['/user/info?user_id=nowhere']);
    await same(name, ['/key/generate', { team_id: 'other' }], ['/key/generate', { team_id: 'nowhere' }]);
    await same(name, ['/key/generate', { user_id: 'bob' }], ['/key/generate', { user_id: 'nowhere' }]);
    await same(name, ['/spend/logs?team_id=other'], ['/spend/logs?team_id=nowhere']);
    await same(name, ['/global/spend/report?user_id=bob'], ['/global/spend/report?user_id=nowhere']);
  });

  test('a key without a role sees itself alone', async () => {
    const { body } = await send('plain')('GET', '/key/list');
    expect(body).toMatchObject({ keys: [tokens['plain']], total_count: 1 });
    expect((await send('plain')('GET', '/key/info')).body['key']).toBe(tokens['plain']);
    expect((await send('plain')('GET', '/key/list?user_id=ada')).body['keys']).toEqual([]);
  });
});

describe('tricks', () => {
  const SQL = `x' OR '1'='1`;

  test.each([
    ['GET', `/key/info?key=${encodeURIComponent(SQL)}`, undefined],
    ['GET', `/team/info?team_id=${encodeURIComponent(`core"; DROP TABLE records; --`)}`, undefined],
    ['POST', '/key/update', { key: SQL, max_budget: 1 }],
    ['POST', '/key/delete', { keys: [SQL] }],
  ] as const)('SQL finds nothing: %s %s', async (method, path, body) => {
    expect((await rig.admin(method, path, body)).status).toBe(404);
  });

  test('SQL in filters finds nothing, and breaks nothing', async () => {
    const text = encodeURIComponent(SQL);
    expect((await rig.admin('GET', `/key/list?team_id=${text}`)).body['keys']).toEqual([]);
    expect((await rig.admin('GET', `/spend/logs?user_id=${text}`)).body).toEqual([]);
    expect((await rig.admin('GET', `/global/spend/report?group_by=key&model=${text}`)).body).toEqual([]);
    expect((await rig.admin('GET', `/audit?id=${text}`)).body).toEqual([]);
    expect((await rig.as(SQL)('GET', '/key/list')).status).toBe(401);
    expect((await rig.admin('GET', '/key/list')).status).toBe(200);
  });

  test('neither hashes nor pieces of keys nor ids let in', async () => {
    const key = keys['ada'] ?? '';
    const hash = createHash('sha256').update(key).digest('hex');
    for (const text of [hash, key.slice(0, 20), `${key} `.trim().toLowerCase(), tokens['ada'], 'admin', 'ADMIN']) {
      expect((await rig.as(text)('GET', '/key/list')).status).toBe(401);
    }
  });

  test('two keys in one request are refused, whichever is the better one', async () => {
    const told = await rig.as(keys['plain'])('GET', '/user/list', undefined, { 'x-api-key': ADMIN_KEY });
    expect(told.status).toBe(401);
    expect((await rig.as(ADMIN_KEY)('GET', '/user/list', undefined, { 'x-api-key': ADMIN_KEY })).status).toBe(200);
    expect((await rig.as(undefined)('GET', '/user/list', undefined, { 'x-litellm-api-key': ADMIN_KEY })).status).toBe(
      200,
    );
    expect(
      (await rig.as(undefined)('GET', '/user/list', undefined, { authorization: `Basic ${ADMIN_KEY}` })).status,
    ).toBe(401);
  });

  test.each([
    { host: 'localhost' },
    { host: 'admin.internal:4000', 'x-forwarded-host': 'admin.internal' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
    { 'x-original-url': '/health', 'x-rewrite-url': '/health' },
    { 'x-http-method-override': 'GET' },
    { 'litellm-changed-by': 'admin', 'x-gatewright-role': 'admin' },
  ])('headers %j open no door', async (headers) => {
    expect((await rig.as(undefined)('GET', '/user/list', undefined, headers)).status).toBe(401);
    expect((await rig.as(keys['ada'])('GET', '/user/list', undefined, headers)).status).toBe(403);
  });

  test('fields that objects have anyway are nobody’s', async () => {
    const planted =
      '{"key_alias": "proto", "__proto__": {"role": "admin"}, "constructor": {"prototype": {"role": "admin"}}}';
    expect((await rig.admin('POST', '/key/generate', planted)).status).toBe(400);
    expect((await rig.admin('GET', '/key/info?__proto__=x')).status).toBe(400);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  test.each([
    ['no JSON', '{', 400, {}],
    ['a list', '[]', 400, {}],
    ['a form', 'max_budget=1', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no UTF-8', '{"key_alias": "\ufffd"}', 200, {}],
    ['too much', JSON.stringify({ key_alias: 'x'.repeat(2_000_000) }), 413, {}],
  ])('a body that is %s', async (_what, body, status, headers) => {
    expect((await rig.admin('POST', '/key/generate', body, headers)).status).toBe(status);
  });
});

test('every change is in the audit log, with who did it and for whom, and no secret is there', async () => {
  await rig.admin(
    'POST',
    '/team/update',
    { team_id: 'core', team_alias: 'The core' },
    { 'litellm-changed-by': 'grace' },
  );
  await send('lead')(
    'POST',
    '/team/update',
    { team_id: 'core', team_alias: 'Core' },
    { 'litellm-changed-by': 'grace' },
  );
  const entries = (await rig.admin('GET', '/audit?kind=team&id=core&limit=2')).body as unknown as { actor: string }[];
  expect(entries[1]).toMatchObject({ actor: 'admin for grace', action: 'team.update', after: { alias: 'The core' } });
  expect(entries[0]?.actor).not.toContain('grace');
});

test('no answer, no line of the log and no audit entry tells a secret', async () => {
  const before = rig.answered();
  await rig.admin('GET', '/audit?limit=1000');
  await rig.admin('GET', '/key/list?return_full_object=true&size=100');
  await rig.admin('GET', '/model/info');
  await rig.admin('GET', `/key/info?key=${keys['ada']}x`);
  const after = rig.answered().slice(before.length);
  for (const secret of [ADMIN_KEY, ...Object.values(keys)]) {
    expect(after).not.toContain(secret);
    expect(after).not.toContain(createHash('sha256').update(secret).digest('hex'));
    expect(rig.logged()).not.toContain(secret);
  }
  expect(rig.answered()).not.toContain(ADMIN_KEY);
});
