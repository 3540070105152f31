/** Requests say whose end user they are for and bring tags, where they may. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Hands } from './clock.test.kit.ts';
import { startGateway, type Rig, type RigOptions } from './gateway.test.kit.ts';
import { openSqlite, type OpenedStore } from './stores.test.kit.ts';

let opened: OpenedStore;
let rig: Rig;
let secret: string;
const clock = new Hands();
const by = { actor: 'test' };
beforeEach(async () => {
  opened = await openSqlite(clock);
  clock.idle = opened.idle;
  await start({});
  secret = (await rig.keys.records.keys.create({ tags: ['mine'], requestTags: true }, by)).secret ?? '';
});
afterEach(async () => {
  await rig.gateway.close();
  await opened.close();
});

async function start(options: RigOptions['with'] & object): Promise<void> {
  rig = await startGateway(opened.store, { clock, with: options });
}

async function restart(options: RigOptions['with'] & object): Promise<void> {
  await rig.gateway.close();
  await start(options);
}

const identity = (): object => rig.records.at(-1)?.identity ?? {};
const LIMITED = { limits: [{ unit: 'requests', limit: 1 }] };

test.each(['x-gatewright-end-user', 'x-litellm-end-user-id', 'x-litellm-customer-id'])(
  'the header %s names the end user, before the body',
  async (header) => {
    expect((await rig.ask(secret, { headers: { [header]: 'eve' }, body: { user: 'mallory' } })).status).toBe(200);
    expect(identity()).toMatchObject({ endUser: 'eve' });
  },
);

test('the body names the end user, for rules and reports', async () => {
  await rig.keys.records.customers.create('eve', LIMITED, by);
  expect((await rig.ask(secret, { body: { user: 'eve' } })).status).toBe(200);
  expect(identity()).toMatchObject({ endUser: 'eve', tags: ['mine'], rules: { limits: [{ scope: 'endUser:eve' }] } });
  expect(await rig.ask(secret, { body: { user: 'eve' } })).toMatchObject({ status: 429 });
  expect((await rig.ask(secret, { body: { user: 'bob' } })).status).toBe(200);
  expect((await rig.ask(secret)).status).toBe(200);
  expect(identity()).not.toHaveProperty('endUser');
});

test('other members of the body are looked at where that is configured, or none', async () => {
  await restart({ endUser: { body: ['metadata.user_id', 'user'] } });
  await rig.ask(secret, { body: { metadata: { user_id: 'eve' } } });
  expect(identity()).toMatchObject({ endUser: 'eve' });
  await rig.ask(secret, { body: { metadata: null, user: 'bob' } });
  expect(identity()).toMatchObject({ endUser: 'bob' });
  await restart({ endUser: { body: [] } });
  await rig.ask(secret, { body: { user: 'bob' } });
  expect(identity()).not.toHaveProperty('endUser');
});

test('the same key and end user are the same caller to meters, until the key or the end user is changed', async () => {
  const asked = async (): Promise<object> => {
    await rig.ask(secret, { body: { user: 'eve' } });
    return identity();
  };
  const before = await asked();
  expect(await asked()).toBe(before);
  await rig.keys.records.customers.create('eve', LIMITED, by);
  await clock.move(1000);
  const after = await asked();
  expect(after).not.toBe(before);
  expect(after).toMatchObject({ rules: { limits: [{ scope: 'endUser:eve' }] } });
});

test('a blocked end user is refused, however they are named, and let in again', async () => {
  await rig.keys.records.customers.create('eve', { blocked: true }, by);
  expect(await rig.ask(secret, { headers: { 'x-gatewright-end-user': 'eve' } })).toMatchObject({ status: 403 });
  expect(await rig.ask(secret, { body: { user: 'eve' } })).toMatchObject({ status: 403, code: 'GW_FORBIDDEN' });
  await rig.keys.records.customers.block('eve', false, by);
  await clock.move(1000);
  expect((await rig.ask(secret, { body: { user: 'eve' } })).status).toBe(200);
});

test('end users without terms of their own are under the budget for everyone', async () => {
  await restart({ endUser: { budget: 'everyone' } });
  await rig.keys.records.budgets.create('everyone', LIMITED, by);
  await rig.keys.records.customers.create('eve', { limits: [{ unit: 'requests', limit: 2 }] }, by);
  const statuses = async (user: string): Promise<number[]> => {
    const all = [];
    for (let n = 0; n < 3; n++) all.push((await rig.ask(secret, { body: { user } })).status);
    return all;
  };
  expect(await statuses('bob')).toEqual([200, 429, 429]);
  expect(await statuses('eve')).toEqual([200, 200, 429]);
  expect((await rig.ask(secret)).status).toBe(200);
});

test.each([
  ['too long', 'x'.repeat(257)],
  ['only spaces', '   '],
])('a name that is %s is refused', async (_what, user) => {
  expect(await rig.ask(secret, { body: { user } })).toMatchObject({ status: 400, code: 'GW_BAD_REQUEST' });
});

test('a request brings tags to those of its key, and their rules', async () => {
  await rig.keys.records.tags.create('beta', LIMITED, by);
  const headers = { 'x-litellm-tags': 'beta, other,, mine' };
  expect((await rig.ask(secret, { headers })).status).toBe(200);
  expect(identity()).toMatchObject({ tags: ['mine', 'beta', 'other'], rules: { limits: [{ scope: 'tag:beta' }] } });
  expect(await rig.ask(secret, { headers })).toMatchObject({ status: 429 });
  await rig.keys.records.tags
    .block('other', true, by)
    .catch(() => rig.keys.records.tags.create('other', { blocked: true }, by));
  await clock.move(1000);
  expect(await rig.ask(secret, { headers: { 'x-gatewright-tags': 'other' } })).toMatchObject({ status: 403 });
});

test('tags are refused of keys that may not bring any, and of all where that is configured', async () => {
  const { secret: other = '' } = await rig.keys.records.keys.create({}, by);
  const headers = { 'x-gatewright-tags': 'beta' };
  expect(await rig.ask(other, { headers })).toMatchObject({ status: 403, code: 'GW_FORBIDDEN' });
  await restart({ tags: { from: 'all' } });
  expect((await rig.ask(other, { headers })).status).toBe(200);
  await restart({ tags: { from: 'nobody' } });
  expect(await rig.ask(secret, { headers })).toMatchObject({ status: 403 });
  expect((await rig.ask(secret)).status).toBe(200);
});

test('too many tags, and tags that are too long, are refused', async () => {
  const many = Array.from({ length: 21 }, (_, n) => `t${n}`).join();
  for (const tags of [many, 'x'.repeat(129)])
    expect(await rig.ask(secret, { headers: { 'x-gatewright-tags': tags } })).toMatchObject({ status: 400 });
});
