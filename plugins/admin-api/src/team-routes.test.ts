/** Teams, their members and their keys through the management surface. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRig, type Rig } from './rig.test.kit.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  for (const user of ['ada', 'bob']) await rig.admin('POST', '/user/new', { user_id: user, auto_create_key: false });
});
afterAll(() => rig.close());

test('a team is made, changed, listed, blocked and deleted', async () => {
  const made = await rig.admin('POST', '/team/new', {
    team_id: 'core',
    team_alias: 'Core',
    max_budget: 20,
    budget_duration: '30d',
    models: ['free'],
    rpm_limit: 10,
    members_with_roles: [{ role: 'admin', user_id: 'ada' }],
    team_member_budget: 2,
    team_member_budget_duration: '1d',
  });
  expect(made.body).toMatchObject({
    team_id: 'core',
    max_budget: 20,
    budget_duration: '30d',
    members_with_roles: [{ role: 'admin', user_id: 'ada' }],
    team_member_budget: 2,
    team_member_budget_duration: '1d',
  });
  const changed = await rig.admin('POST', '/team/update', { team_id: 'core', team_alias: null, max_budget: 30 });
  expect(changed.body).toMatchObject({ team_alias: null, max_budget: 30, budget_duration: '30d', rpm_limit: 10 });
  const key = (await rig.admin('POST', '/key/generate', { team_id: 'core' })).body['key'] as string;
  expect((await rig.chat(key, 'free')).status).toBe(200);
  expect((await rig.chat(key, 'smart')).status).toBe(403);
  expect((await rig.admin('GET', '/team/info?team_id=core')).body).toMatchObject({ keys: [{ team_id: 'core' }] });
  await rig.admin('POST', '/team/block', { team_id: 'core' });
  expect((await rig.chat(key, 'free')).status).toBe(403);
  await rig.admin('POST', '/team/unblock', { team_id: 'core' });
  expect((await rig.chat(key, 'free')).status).toBe(200);
  expect((await rig.admin('GET', '/team/list?user_id=ada')).body).toMatchObject([{ team_id: 'core' }]);
  expect((await rig.admin('POST', '/team/delete', { team_ids: ['core'] })).body).toEqual({ deleted_teams: ['core'] });
  expect((await rig.chat(key, 'free')).status).toBe(403);
});

test('members come, change and go', async () => {
  await rig.admin('POST', '/team/new', { team_id: 'crew' });
  const added = await rig.admin('POST', '/team/member_add', {
    team_id: 'crew',
    member: [
      { role: 'user', user_id: 'ada' },
      { role: 'admin', user_id: 'bob' },
    ],
    max_budget_in_team: 3,
  });
  expect(added.body['members_with_roles']).toMatchObject([
    { user_id: 'ada', role: 'user', max_budget_in_team: 3 },
    { user_id: 'bob', role: 'admin' },
  ]);
  expect((await rig.admin('POST', '/team/member_add', { team_id: 'crew', member: { user_id: 'ada' } })).status).toBe(
    409,
  );
  const update = { team_id: 'crew', user_id: 'ada', role: 'admin', max_budget_in_team: null, allowed_models: ['free'] };
  const changed = await rig.admin('POST', '/team/member_update', update);
  expect(changed.body['members_with_roles']).toMatchObject([
    { user_id: 'ada', role: 'admin', max_budget_in_team: null, allowed_models: ['free'] },
    {},
  ]);
  const left = await rig.admin('POST', '/team/member_delete', { team_id: 'crew', user_id: 'ada' });
  expect(left.body['members_with_roles']).toMatchObject([{ user_id: 'bob' }]);
  expect((await rig.admin('POST', '/team/member_delete', { team_id: 'crew', user_id: 'ada' })).status).toBe(404);
});

test('what a member may spend in a team is held to, apart from the others', async () => {
  await rig.admin('POST', '/team/new', {
    team_id: 'purse',
    members_with_roles: [{ user_id: 'ada' }, { user_id: 'bob' }],
  });
  await rig.admin('POST', '/team/member_update', { team_id: 'purse', user_id: 'ada', max_budget_in_team: '0.000001' });
  const make = async (user: string): Promise<string> =>
    (await rig.admin('POST', '/key/generate', { team_id: 'purse', user_id: user })).body['key'] as string;
  expect((await rig.chat(await make('ada'))).status).toBe(402);
  expect((await rig.chat(await make('bob'))).status).toBe(200);
});
