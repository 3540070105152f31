/** Users, customers, tags, access groups and models through the management surface. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRig, type Rig } from './rig.test.kit.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

test('a user is made with a key and a place in a team, changed, listed and deleted', async () => {
  await rig.admin('POST', '/team/new', { team_id: 'core' });
  const made = await rig.admin('POST', '/user/new', {
    user_id: 'ada',
    user_email: 'ada@example.com',
    user_role: 'internal_user',
    max_budget: 4,
    teams: ['core'],
  });
  expect(made.body).toMatchObject({ user_id: 'ada', user_role: 'internal_user', teams: ['core'], max_budget: 4 });
  const key = made.body['key'] as string;
  expect((await rig.chat(key)).status).toBe(200);
  expect((await rig.admin('GET', '/user/info?user_id=ada')).body).toMatchObject({ keys: [{ user_id: 'ada' }] });
  const changed = await rig.admin('POST', '/user/update', { user_id: 'ada', user_alias: 'Ada', max_budget: null });
  expect(changed.body).toMatchObject({ user_alias: 'Ada', max_budget: null, user_email: 'ada@example.com' });
  expect((await rig.admin('GET', '/user/list?user_email=ada@example.com')).body).toMatchObject({ total_count: 1 });
  expect((await rig.admin('POST', '/user/new', { teams: ['nowhere'] })).status).toBe(400);
  expect((await rig.admin('POST', '/user/delete', { user_ids: ['ada'] })).body).toEqual({ deleted_users: ['ada'] });
  expect((await rig.chat(key)).status).toBe(403);
});

test('a customer who is blocked is refused, whoever asks for them', async () => {
  const key = (await rig.admin('POST', '/key/generate', {})).body['key'] as string;
  const ask = async (): Promise<number> => {
    const body = { model: 'free', user: 'guest', messages: [{ role: 'user', content: 'hi' }] };
    return (await rig.as(key)('POST', '/v1/chat/completions', body)).status;
  };
  await rig.admin('POST', '/customer/new', { user_id: 'guest', alias: 'Guest', max_budget: 1 });
  expect(await ask()).toBe(200);
  await rig.admin('POST', '/customer/block', { user_ids: ['guest', 'unseen'] });
  expect(await ask()).toBe(403);
  await rig.admin('POST', '/end_user/unblock', { user_ids: ['guest'] });
  expect(await ask()).toBe(200);
  const changed = await rig.admin('POST', '/customer/update', {
    user_id: 'guest',
    max_budget: 2,
    default_model: 'free',
  });
  expect(changed.body).toMatchObject({ alias: 'Guest', max_budget: 2, default_model: 'free' });
  expect((await rig.admin('GET', '/customer/info?end_user_id=unseen')).body).toMatchObject({ blocked: true });
  expect((await rig.admin('GET', '/customer/list')).body).toHaveLength(2);
  expect((await rig.admin('POST', '/customer/delete', { user_ids: ['guest'] })).status).toBe(200);
  expect((await rig.admin('GET', '/customer/info?end_user_id=guest')).status).toBe(404);
});

test('a tag has a budget of its own', async () => {
  await rig.admin('POST', '/tag/new', { name: 'batch', max_budget: '0.000001', description: 'Night work' });
  const key = (await rig.admin('POST', '/key/generate', { tags: ['batch'] })).body['key'] as string;
  expect((await rig.chat(key)).status).toBe(402);
  await rig.admin('POST', '/tag/update', { name: 'batch', max_budget: 10 });
  expect((await rig.chat(key)).status).toBe(200);
  const { body } = await rig.admin('POST', '/tag/info', { names: ['batch'] });
  expect(body['batch']).toMatchObject({ max_budget: 10, description: 'Night work' });
  expect((await rig.admin('GET', '/tag/list')).body).toHaveLength(1);
  expect((await rig.admin('POST', '/tag/delete', { name: 'batch' })).status).toBe(200);
});

test('an access group is a name for models, and changes what its keys may use', async () => {
  await rig.admin('POST', '/access_group/new', { access_group: 'cheap', model_names: ['free'] });
  const key = (await rig.admin('POST', '/key/generate', { access_group_ids: ['cheap'] })).body['key'] as string;
  expect([(await rig.chat(key, 'free')).status, (await rig.chat(key)).status]).toEqual([200, 403]);
  await rig.admin('POST', '/access_group/update', { access_group: 'cheap', model_names: ['smart'] });
  expect([(await rig.chat(key, 'free')).status, (await rig.chat(key)).status]).toEqual([403, 200]);
  expect((await rig.admin('GET', '/access_group/list')).body).toHaveLength(1);
  expect((await rig.admin('POST', '/access_group/delete', { access_group: 'cheap' })).status).toBe(200);
});

test('models are listed with their targets and prices, and nothing of their providers’ keys', async () => {
  const { body } = await rig.admin('GET', '/model/info');
  expect(body['data']).toMatchObject([
    { model_name: 'smart', litellm_params: { model: 'simulated/smart' }, model_info: { priced: true } },
    { model_name: 'free', model_info: { provider: 'simulated' } },
  ]);
  expect((await rig.admin('GET', '/v1/model/info?model_name=free')).body['data']).toHaveLength(1);
  expect((await rig.as(undefined)('GET', '/health/liveliness')).body).toEqual({ status: 'ok' });
});
