/** Keys let their owners in, with all that their users, teams and organisations say of them, through a whole gateway. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Hands } from './clock.test.kit.ts';
import { ADMIN_KEY, startGateway, type Rig, type RigOptions } from './gateway.test.kit.ts';
import type { NewKey } from './records/index.ts';
import { openSqlite, type OpenedStore } from './stores.test.kit.ts';

let opened: OpenedStore;
let rig: Rig;
let clock: Hands;
const by = { actor: 'test' };
beforeEach(async () => {
  clock = new Hands();
  opened = await openSqlite(clock);
  clock.idle = opened.idle;
  rig = await startGateway(opened.store, { clock });
});
afterEach(async () => {
  await rig.gateway.close();
  await opened.close();
});

async function restart(options: RigOptions['with'] & object): Promise<void> {
  await rig.gateway.close();
  rig = await startGateway(opened.store, { clock, with: options });
}

async function made(key: NewKey = {}): Promise<{ id: string; secret: string }> {
  const { record, secret = '' } = await rig.keys.records.keys.create(key, by);
  return { id: record.id, secret };
}

const identity = (): object => rig.records.at(-1)?.identity ?? {};

test('a key, the admin’s key, and nobody’s', async () => {
  const { id, secret } = await made({ alias: 'ci', metadata: { a: 1 }, operations: ['chat'] });
  expect((await rig.ask(secret)).status).toBe(200);
  expect(identity()).toEqual({ key: id, name: 'ci', metadata: { a: 1 }, operations: ['chat'] });
  expect((await rig.ask(ADMIN_KEY)).status).toBe(200);
  expect(identity()).toEqual({ key: 'admin', name: 'admin' });
  expect(await rig.ask(`${secret}x`)).toMatchObject({ status: 401, code: 'GW_UNAUTHENTICATED' });
  expect(await rig.ask(undefined)).toMatchObject({ status: 401, code: 'GW_UNAUTHENTICATED' });
});

test('the same frozen identity is given every time', async () => {
  const { secret } = await made({ tags: ['a'], metadata: { deep: { er: [1] } } });
  await rig.ask(secret);
  const first = rig.records.at(-1)?.identity;
  await rig.ask(secret);
  expect(rig.records.at(-1)?.identity).toBe(first);
  const deep = first?.metadata?.['deep'] as { er: object } | undefined;
  expect(deep).toEqual({ er: [1] });
  expect(Object.isFrozen(deep?.er)).toBe(true);
});

test('the models of a key are those that all of its owners allow, groups included', async () => {
  const { users, teams, organisations, accessGroups } = rig.keys.records;
  await accessGroups.create('tests', { models: ['test-*'] }, by);
  await organisations.create('acme', { models: ['smart', 'test-*'] }, by);
  await teams.create('core', { organisation: 'acme', models: ['dear'], accessGroups: ['tests'] }, by);
  await users.create('ada', {}, by);
  const { secret } = await made({ user: 'ada', team: 'core' });
  expect((await rig.ask(secret, { body: { model: 'test-1' } })).status).toBe(200);
  expect(identity()).toMatchObject({ user: 'ada', team: 'core', organisation: 'acme', models: ['test-*'] });
  expect(await rig.ask(secret)).toMatchObject({ status: 403, code: 'GW_FORBIDDEN' });
  expect(await rig.ask(secret, { body: { model: 'dear' } })).toMatchObject({ status: 403 });
});

test('rules of key, user, team, member and organisation come together', async () => {
  const { users, teams, organisations, budgets } = rig.keys.records;
  const budget = (limit: string): object => ({ budgets: [{ limit, window: '1mo' }] });
  await budgets.create('b1', { ...budget('7'), pooled: true }, by);
  await budgets.create('b2', { limits: [{ unit: 'requests', limit: 9, window: '1h' }] }, by);
  await organisations.create('acme', budget('1'), by);
  await users.create('ada x', budget('2'), by);
  const members = [{ user: 'ada x', budgets: [{ limit: '3', window: '1d', soft: '1', timeZone: 'Europe/Berlin' }] }];
  await teams.create('core', { organisation: 'acme', ...budget('4'), members }, by);
  const { id, secret } = await made({
    alias: 'ci',
    user: 'ada x',
    team: 'core',
    budgetIds: ['b1', 'b2'],
    budgets: [{ limit: '5', window: 'total', models: ['de*', 'x'] }],
    limits: [{ unit: 'concurrent', limit: 2 }],
  });
  await rig.ask(secret);
  expect(identity()).toMatchObject({
    rules: {
      budgets: [
        {
          scope: `key:${id} models:de*,x`,
          label: 'key "ci" for de*, x',
          limit: 5n,
          window: 'total',
          models: ['de*', 'x'],
        },
        { scope: 'budget:b1', limit: 7n, window: '1mo' },
        { scope: 'user:ada%20x', label: 'the user "ada x"', limit: 2n },
        { scope: 'team:core', limit: 4n },
        { scope: 'team:core user:ada%20x', limit: 3n, soft: 1n, window: '1d', timeZone: 'Europe/Berlin' },
        { scope: 'organisation:acme', limit: 1n },
      ],
      limits: [
        { scope: `key:${id}`, unit: 'concurrent', limit: 2n },
        { scope: `key:${id}`, unit: 'requests', limit: 9n, window: 3_600_000 },
      ],
    },
  });
});

test('members without terms of their own are under those of all members', async () => {
  await rig.keys.records.users.create('ada', {}, by);
  await rig.keys.records.users.create('bob', {}, by);
  const own = [{ unit: 'requests', limit: 5 }];
  const memberDefaults = { limits: [{ unit: 'requests', limit: 1 }], models: ['smart'] };
  await rig.keys.records.teams.create(
    'core',
    { members: [{ user: 'ada', limits: own }, { user: 'bob' }], memberDefaults },
    by,
  );
  const { secret: ada } = await made({ user: 'ada', team: 'core' });
  const { secret: bob } = await made({ user: 'bob', team: 'core' });
  await rig.ask(ada);
  expect(identity()).toMatchObject({ models: ['smart'], rules: { limits: [{ limit: 5n }] } });
  expect((await rig.ask(bob)).status).toBe(200);
  expect(identity()).toMatchObject({ rules: { limits: [{ scope: 'team:core user:bob', limit: 1n }] } });
  expect(await rig.ask(bob)).toMatchObject({ status: 429, code: 'GW_RATE_LIMITED' });
});

test('a budget and a limit of a key hold', async () => {
  const { secret } = await made({ alias: 'ci', budgets: [{ limit: '200000', window: '1mo' }] });
  const dear = { body: { model: 'dear', max_tokens: 5 } };
  const answers = [];
  for (let n = 0; n < 9; n++) answers.push(await rig.ask(secret, dear));
  expect(answers[0]?.status).toBe(200);
  expect(answers.at(-1)).toMatchObject({ status: 402, code: 'GW_BUDGET_EXCEEDED' });
  expect(answers.at(-1)?.text).toContain('key \\"ci\\"');
});

test('a key ends by the clock, also while it is remembered', async () => {
  const { secret } = await made({ expires: clock.now() + 700 });
  expect((await rig.ask(secret)).status).toBe(200);
  await clock.move(699);
  expect((await rig.ask(secret)).status).toBe(200);
  await clock.move(1);
  expect(await rig.ask(secret)).toMatchObject({ status: 401, code: 'GW_UNAUTHENTICATED' });
});

test('after a rotation the old secret lives as long as its grace, the new one at once', async () => {
  const { id, secret } = await made();
  await rig.ask(secret);
  const { secret: next = '' } = await rig.keys.records.keys.rotate(id, by, 5000);
  expect((await rig.ask(next)).status).toBe(200);
  await clock.move(4999);
  expect((await rig.ask(secret)).status).toBe(200);
  await clock.move(1);
  expect(await rig.ask(secret)).toMatchObject({ status: 401 });
  expect((await rig.ask(next)).status).toBe(200);
  await rig.keys.records.keys.rotate(id, by);
  await clock.move(1000);
  expect(await rig.ask(next)).toMatchObject({ status: 401 });
});

test.each(['key', 'user', 'team', 'organisation', 'tag'] as const)(
  'a blocked %s is refused until it is unblocked',
  async (what) => {
    const { keys, users, teams, organisations, tags } = rig.keys.records;
    await users.create('ada', {}, by);
    await organisations.create('acme', {}, by);
    await teams.create('core', { organisation: 'acme' }, by);
    await tags.create('beta', {}, by);
    const { id, secret } = await made({ user: 'ada', team: 'core', tags: ['beta'] });
    expect((await rig.ask(secret)).status).toBe(200);
    const block = (blocked: boolean): Promise<unknown> =>
      ({
        key: () => keys.block(id, blocked, by),
        user: () => users.block('ada', blocked, by),
        team: () => teams.block('core', blocked, by),
        organisation: () => organisations.block('acme', blocked, by),
        tag: () => tags.block('beta', blocked, by),
      })[what]();
    await block(true);
    await clock.move(1000);
    const refused = await rig.ask(secret);
    expect(refused).toMatchObject({ status: 403, code: 'GW_FORBIDDEN' });
    expect(refused.text).toContain('is blocked');
    await block(false);
    await clock.move(1000);
    expect((await rig.ask(secret)).status).toBe(200);
  },
);

test.each(['user', 'team', 'organisation', 'budget'] as const)(
  'a key whose %s was deleted is refused',
  async (what) => {
    const { users, teams, organisations, budgets } = rig.keys.records;
    await users.create('ada', {}, by);
    await organisations.create('acme', {}, by);
    await teams.create('core', {}, by);
    await budgets.create('b1', {}, by);
    const { secret } = await made({ user: 'ada', team: 'core', organisation: 'acme', budgetIds: ['b1'] });
    expect((await rig.ask(secret)).status).toBe(200);
    const all = {
      user: [users, 'ada'],
      team: [teams, 'core'],
      organisation: [organisations, 'acme'],
      budget: [budgets, 'b1'],
    };
    const [records, id] = all[what] as [typeof users, string];
    await records.delete(id, by);
    await clock.move(1000);
    const refused = await rig.ask(secret);
    expect(refused).toMatchObject({ status: 403, code: 'GW_FORBIDDEN' });
    expect(refused.text).toContain('does not exist any more');
  },
);

test('a new key is known at once where it was tried before it was made', async () => {
  const secret = 'sk-0123456789abcdef01234567';
  expect((await rig.ask(secret)).status).toBe(401);
  await rig.keys.records.keys.create({}, by, { secret });
  await rig.keys.sync();
  expect((await rig.ask(secret)).status).toBe(200);
});

test('a key stands in the header that is configured, before any other', async () => {
  const { secret } = await made();
  expect((await rig.ask(undefined, { headers: { 'x-litellm-api-key': `Bearer ${secret}` } })).status).toBe(200);
  expect((await rig.ask('sk-something-else', { headers: { 'x-gatewright-key': secret } })).status).toBe(200);
  await restart({ headers: ['x-my-key'] });
  expect((await rig.ask(undefined, { headers: { 'x-gatewright-key': secret } })).status).toBe(401);
  expect((await rig.ask(undefined, { headers: { 'x-my-key': secret } })).status).toBe(200);
});
