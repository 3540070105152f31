/** Who manages records is read off the store: roles, and places in teams and organisations. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADMIN_KEY, startGateway, type Rig } from './gateway.test.kit.ts';
import { openSqlite, type OpenedStore } from './stores.test.kit.ts';

let opened: OpenedStore;
let rig: Rig;
const by = { actor: 'test' };
beforeEach(async () => {
  opened = await openSqlite();
  rig = await startGateway(opened.store);
});
afterEach(async () => {
  await rig.gateway.close();
  await opened.close();
});

test('the admin’s key is an admin', async () => {
  expect(await rig.keys.actor(ADMIN_KEY)).toMatchObject({ id: 'admin', role: 'admin' });
});

test('a key is what its role and its user’s places make of it', async () => {
  const { keys, users, teams, organisations } = rig.keys.records;
  await users.create('ada', { role: 'admin' }, by);
  await organisations.create('acme', { members: [{ user: 'ada', role: 'admin' }] }, by);
  await teams.create('core', { organisation: 'acme', members: [{ user: 'ada', role: 'admin' }] }, by);
  await teams.create('side', { members: [{ user: 'ada' }, { user: 'bob', role: 'admin' }] }, by);
  const { record, secret } = await keys.create(
    { user: 'ada', team: 'core', role: 'user', models: ['a'], tags: ['t'] },
    by,
  );
  expect(await rig.keys.actor(secret)).toEqual({
    id: record.id,
    key: record.id,
    role: 'user',
    user: 'ada',
    team: 'core',
    organisation: 'acme',
    leads: { teams: ['core'], organisations: ['acme'] },
    belongs: { teams: ['core', 'side'], organisations: ['acme'] },
    confines: { models: ['a'], tags: ['t'], metered: false },
  });
});

test('a key never has a larger role than its user, nor any that was not given', async () => {
  const { keys, users } = rig.keys.records;
  await users.create('ada', { role: 'user' }, by);
  await users.create('boss', { role: 'admin' }, by);
  const { secret: tall } = await keys.create({ user: 'ada', role: 'admin' }, by);
  expect(await rig.keys.actor(tall)).toMatchObject({ role: 'user' });
  const { secret: plain } = await keys.create({ user: 'boss' }, by);
  expect(await rig.keys.actor(plain)).not.toHaveProperty('role');
  const { secret: metered } = await keys.create({ budgets: [{ limit: '1', window: '1d' }], role: 'admin' }, by);
  expect(await rig.keys.actor(metered)).toMatchObject({ role: 'admin', confines: { metered: true } });
});

test('a change counts at once', async () => {
  const { keys, users } = rig.keys.records;
  await users.create('ada', { role: 'admin' }, by);
  const { record, secret } = await keys.create({ user: 'ada', role: 'admin' }, by);
  expect(await rig.keys.actor(secret)).toMatchObject({ role: 'admin' });
  await users.update('ada', { role: 'viewer' }, by);
  expect(await rig.keys.actor(secret)).toMatchObject({ role: 'viewer' });
  await keys.block(record.id, true, by);
  await expect(rig.keys.actor(secret)).rejects.toMatchObject({ code: 'GW_FORBIDDEN' });
  await keys.delete(record.id, by);
  await expect(rig.keys.actor(secret)).rejects.toMatchObject({ code: 'GW_UNAUTHENTICATED' });
});

test('nobody, and whoever sends no key, is told so', async () => {
  for (const credential of [undefined, '', 'sk-nobody-0123456789', 'hunter2'])
    await expect(rig.keys.actor(credential)).rejects.toMatchObject({ code: 'GW_UNAUTHENTICATED' });
});
