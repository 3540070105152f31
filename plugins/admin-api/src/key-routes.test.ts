/** Keys through the management surface of a whole gateway: made, used, changed, rotated, blocked, deleted. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRig, type Rig } from './rig.test.kit.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

async function make(fields: object = {}): Promise<{ key: string; token: string; body: Record<string, unknown> }> {
  const { status, body } = await rig.admin('POST', '/key/generate', fields);
  expect([status, body]).toEqual([200, expect.anything()]);
  return { key: body['key'] as string, token: body['token'] as string, body };
}

test('a key is made with the common fields, told once, and lets in', async () => {
  const { key, body } = await make({
    key_alias: 'ada',
    models: ['smart'],
    max_budget: 0.1 + 0.2,
    soft_budget: 0.1,
    budget_duration: '1d',
    rpm_limit: 100,
    tpm_limit: 100_000,
    max_parallel_requests: 10,
    duration: '30d',
    metadata: { cost_centre: 7 },
    tags: ['house'],
    // Scripts send more than they mean.
    aliases: {},
    permissions: {},
    guardrails: [],
    send_invite_email: false,
  });
  expect(key).toMatch(/^sk-.{40,}$/);
  expect(body).toMatchObject({
    key_alias: 'ada',
    models: ['smart'],
    max_budget: 0.3,
    soft_budget: 0.1,
    budget_duration: '1d',
    rpm_limit: 100,
    spend: 0,
    spend_exact: '0.00',
    blocked: false,
    budget_status: [{ limit: '0.30', spent: '0.00', remaining: '0.30', window: '1d' }],
  });
  expect((await rig.chat(key)).status).toBe(200);
  expect((await rig.chat(key, 'free')).status).toBe(403);
  const info = await rig.admin('GET', '/key/info?key=ada');
  expect(info.body['key']).toBe(body['token']);
  expect(JSON.stringify(info.body)).not.toContain(key);
});

test('a key is found by its id, itself, its SHA-256 and its alias', async () => {
  const { key, token } = await make({ key_alias: 'found' });
  const hash = createHash('sha256').update(key).digest('hex');
  for (const text of [token, key, hash, 'found']) {
    expect((await rig.admin('GET', `/key/info?key=${text}`)).body['key']).toBe(token);
  }
});

test('an update keeps what is absent and clears what is null', async () => {
  const { token } = await make({
    max_budget: 5,
    budget_duration: '1mo',
    rpm_limit: 3,
    models: ['smart'],
    metadata: { a: 1 },
  });
  const raised = await rig.admin('POST', '/key/update', { key: token, max_budget: '7.000000001' });
  expect(raised.body).toMatchObject({
    max_budget: 7.000000001,
    budget_duration: '1mo',
    rpm_limit: 3,
    models: ['smart'],
  });
  expect(raised.body['budget_status']).toMatchObject([{ limit: '7.000000001' }]);
  const cleared = await rig.admin('POST', '/key/update', { key: token, max_budget: null, rpm_limit: null, models: [] });
  expect(cleared.body).toMatchObject({ max_budget: null, rpm_limit: null, models: [], metadata: { a: 1 } });
});

test('several windows, budgets of models and limits of models come back as they were given', async () => {
  const { body } = await make({
    max_budget: 10,
    budget_limits: [
      { budget_duration: '1h', max_budget: 1 },
      { time_period: '1d', budget_limit: 2 },
    ],
    model_max_budget: { smart: { budget_limit: 0.5, time_period: '1d' } },
    model_rpm_limit: { smart: 4 },
  });
  expect(body).toMatchObject({
    max_budget: 10,
    budget_duration: null,
    budget_limits: [
      { max_budget: 1, budget_duration: '1h' },
      { max_budget: 2, budget_duration: '1d' },
    ],
    model_max_budget: { smart: { max_budget: 0.5, budget_duration: '1d' } },
    model_rpm_limit: { smart: 4 },
  });
  expect(body['budget_status']).toHaveLength(4);
});

test('a blocked key is refused at once, and taken again when it is unblocked', async () => {
  const { key, token } = await make();
  expect((await rig.chat(key)).status).toBe(200);
  await rig.admin('POST', '/key/block', { key });
  expect((await rig.chat(key)).status).toBe(403);
  await rig.admin('POST', '/key/unblock', { key: token });
  expect((await rig.chat(key)).status).toBe(200);
});

test('a rotated key has another secret; the old one is taken for its grace, or no more', async () => {
  const { key, token } = await make({ key_alias: 'turning' });
  const first = await rig.admin('POST', '/key/regenerate', { key, grace_period: '1h' });
  expect(first.body).toMatchObject({
    token,
    key_alias: 'turning',
    rotation_count: 1,
    grace_until: expect.any(String) as string,
  });
  expect((await rig.chat(key)).status).toBe(200);
  expect((await rig.chat(first.body['key'] as string)).status).toBe(200);
  const second = await rig.admin('POST', `/key/${token}/regenerate`, {});
  expect((await rig.chat(key)).status).toBe(401);
  expect((await rig.chat(first.body['key'] as string)).status).toBe(401);
  expect((await rig.chat(second.body['key'] as string)).status).toBe(200);
});

test('a key can be brought by its SHA-256, without being told', async () => {
  const secret = 'sk-from-elsewhere-planted-01';
  const token = createHash('sha256').update(secret).digest('hex');
  const { body } = await make({ token, key_name: 'sk-...d-01', spend: 1.5 });
  expect(body).toMatchObject({ key: null, key_name: 'sk-...d-01', spend: 1.5 });
  expect((await rig.chat(secret)).status).toBe(200);
});

test('deleting takes all that are named, or none', async () => {
  const [one, other] = [await make(), await make({ key_alias: 'gone' })];
  expect((await rig.admin('POST', '/key/delete', { keys: [one.token, 'key_nowhere'] })).status).toBe(404);
  expect((await rig.chat(one.key)).status).toBe(200);
  const gone = await rig.admin('POST', '/key/delete', { keys: [one.token], key_aliases: ['gone'] });
  expect(gone.body).toEqual({ deleted_keys: [one.token, other.token] });
  expect((await rig.chat(one.key)).status).toBe(401);
});

test('lists are paged and filtered', async () => {
  await rig.admin('POST', '/team/new', { team_id: 'listed' });
  const made = [];
  for (let count = 0; count < 3; count++) made.push(await make({ team_id: 'listed' }));
  const tokens = made.map(({ token }) => token).toSorted();
  const page = await rig.admin('GET', '/key/list?team_id=listed&page=2&size=2');
  expect(page.body).toEqual({
    keys: [tokens[2]],
    next_cursor: null,
    total_count: 3,
    current_page: 2,
    total_pages: 2,
  });
  const first = await rig.admin('GET', '/key/list?team_id=listed&size=2');
  expect(first.body).toMatchObject({ keys: tokens.slice(0, 2), next_cursor: tokens[1] });
  const rest = await rig.admin('GET', `/key/list?team_id=listed&size=2&cursor=${tokens[1]}`);
  expect(rest.body).toMatchObject({ keys: [tokens[2]], next_cursor: null, total_count: null });
  const full = await rig.admin('GET', '/key/list?team_id=listed&return_full_object=true');
  expect((full.body['keys'] as { team_id: string }[]).map((one) => one.team_id)).toEqual([
    'listed',
    'listed',
    'listed',
  ]);
});

test.each([
  [{ max_budget: -1 }, 'max_budget'],
  [{ max_budget: 'much' }, 'max_budget'],
  [{ budget_duration: 'soon', max_budget: 1 }, 'budget_duration'],
  [{ budget_duration: '1d' }, 'budget_duration'],
  [{ rpm_limit: 1.5 }, 'rpm_limit'],
  [{ duration: 'ever' }, 'duration'],
  [{ models: 'smart' }, 'models'],
  [{ guardrails: ['pii'] }, 'guardrails'],
  [{ budget_limits: [{}] }, 'budget_limits.0'],
  [{ team_id: 'nowhere' }, 'team'],
])('%j is refused with the name of the field', async (fields, param) => {
  const { status, body } = await rig.admin('POST', '/key/generate', fields);
  expect([status, body]).toMatchObject([
    400,
    { error: { type: 'invalid_request_error', param, code: 'GW_BAD_REQUEST' } },
  ]);
});

test('what is not there is 404, what is taken is 409', async () => {
  await make({ key_alias: 'taken' });
  expect((await rig.admin('POST', '/key/generate', { key_alias: 'taken' })).status).toBe(409);
  expect((await rig.admin('POST', '/key/update', { key: 'key_nowhere' })).status).toBe(404);
  expect((await rig.admin('GET', '/team/info?team_id=nowhere')).status).toBe(404);
});
