/** Keys are made, changed, rotated and deleted, and their secrets are nowhere but in the answer. */
import { createHash } from 'node:crypto';
import { systemClock, type Clock, type Store } from '@gatewright/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, type OpenedStore } from '../stores.test.kit.ts';
import { openRecords, type Records } from './index.ts';

let opened: OpenedStore;
let store: Store;
let records: Records;
let now = 1_000_000;
const clock: Clock = { ...systemClock, now: () => now };
const by = { actor: 'admin' };
beforeEach(async () => {
  now = 1_000_000;
  opened = await openSqlite(clock);
  store = opened.store;
  records = openRecords(store, clock);
});
afterEach(() => opened.close());

test('a new key is shown once, and only its hash is kept', async () => {
  const { record, secret = '' } = await records.keys.create({ alias: 'ci', metadata: { a: 1 } }, by);
  expect(secret).toMatch(/^sk-[\w-]{43}$/);
  expect(record.id).toMatch(/^key_[\w-]{16}$/);
  expect(record.value).toMatchObject({
    hash: createHash('sha256').update(secret).digest('hex'),
    shown: `sk-...${secret.slice(-4)}`,
    createdBy: 'admin',
  });
  const kept = JSON.stringify([await store.get('key', record.id), await store.audit({}), await store.find('claim')]);
  expect(kept).not.toContain(secret.slice(3, 20));
  const audit = JSON.stringify(await store.audit({}));
  expect(audit).not.toContain(record.value.hash);
  expect(await records.keys.bySecret(secret)).toEqual(await records.keys.get(record.id));
});

test('every change leaves an audit entry of who, what and how it was before', async () => {
  const { record } = await records.keys.create({ alias: 'ci' }, by);
  await records.keys.update(record.id, { alias: 'cd', tags: ['x'] }, { actor: 'ada' });
  await records.keys.block(record.id, true, { actor: 'bob' });
  await records.keys.rotate(record.id, { actor: 'eve' });
  await records.keys.delete(record.id, { actor: 'ada' });
  const entries = await store.audit({ kind: 'key', id: record.id });
  expect(entries.map(({ action, actor, time }) => [action, actor, time])).toEqual([
    ['key.delete', 'ada', now],
    ['key.rotate', 'eve', now],
    ['key.block', 'bob', now],
    ['key.update', 'ada', now],
    ['key.create', 'admin', now],
  ]);
  expect(entries[3]).toMatchObject({ before: { alias: 'ci' }, after: { alias: 'cd', tags: ['x'] } });
  expect(await records.keys.get(record.id)).toBeUndefined();
});

test('a patch leaves what it does not name, and takes away what it sets to null', async () => {
  const { record } = await records.keys.create({ alias: 'ci', models: ['a'], tags: ['x'] }, by);
  const changed = await records.keys.update(record.id, { models: null, tags: ['y'], expires: undefined }, by);
  expect(changed).toEqual(await records.keys.get(record.id));
  expect(changed.value).not.toHaveProperty('models');
  expect(changed.value).toMatchObject({ alias: 'ci', tags: ['y'] });
});

test.each(['hash', 'shown', 'previous', 'rotations'])('a patch cannot change %s', async (field) => {
  const { record } = await records.keys.create({}, by);
  const patch = { [field]: 'a'.repeat(64) };
  await expect(records.keys.update(record.id, patch, by)).rejects.toMatchObject({ code: 'GW_BAD_REQUEST' });
});

test('an alias and a secret are given to one key only, also to keys that are made at once', async () => {
  const made = await Promise.allSettled([1, 2, 3].map(() => records.keys.create({ alias: 'one' }, by)));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const secret = 'sk-0123456789abcdef0123';
  const { record } = await records.keys.create({}, by, { secret });
  await expect(records.keys.create({}, by, { secret })).rejects.toMatchObject({ code: 'GW_CONFLICT' });
  const { hash } = record.value;
  await expect(records.keys.create({}, by, { hash })).rejects.toMatchObject({ code: 'GW_CONFLICT' });
  await records.keys.delete(record.id, by);
  await records.keys.create({}, by, { secret });
});

test('an alias that a key gave up can be another’s', async () => {
  const { record } = await records.keys.create({ alias: 'one' }, by);
  await records.keys.update(record.id, { alias: 'two' }, by);
  await records.keys.create({ alias: 'one' }, by);
  await expect(records.keys.create({ alias: 'two' }, by)).rejects.toMatchObject({ code: 'GW_CONFLICT' });
});

test('a rotated key has another secret; the old one is found while its grace lasts', async () => {
  const { record, secret: first = '' } = await records.keys.create({}, by);
  const { record: rotated, secret: second = '' } = await records.keys.rotate(record.id, by, 1000);
  expect(second).not.toBe(first);
  expect(rotated.value.previous).toEqual([{ hash: record.value.hash, until: now + 1000 }]);
  expect((await records.keys.bySecret(first))?.id).toBe(record.id);
  now += 1000;
  const third = await records.keys.rotate(record.id, by, 0);
  expect(third.record.value.previous).toEqual([]);
  expect(await records.keys.bySecret(first)).toBeUndefined();
  expect(await records.keys.bySecret(second)).toBeUndefined();
});

test('a key is brought from elsewhere by its hash', async () => {
  const secret = 'sk-elsewhere-0123456789';
  const hash = createHash('sha256').update(secret).digest('hex');
  const made = await records.keys.create({}, by, { hash, shown: 'sk-...6789' });
  expect(made.secret).toBeUndefined();
  expect((await records.keys.bySecret(secret))?.id).toBe(made.record.id);
});

test.each([
  ['too short', 'sk-short'],
  ['without the prefix', 'pk-0123456789abcdef0123'],
  ['with a space', 'sk-0123456789 abcdef0123'],
  ['too long', `sk-${'a'.repeat(300)}`],
])('a chosen secret that is %s is refused without being repeated', async (_what, secret) => {
  const error = (await records.keys.create({}, by, { secret }).catch((one: unknown) => one)) as Error;
  expect(error).toMatchObject({ code: 'GW_BAD_REQUEST' });
  expect(error.message).not.toContain(secret);
});

test('a key of nobody that there is, is refused', async () => {
  for (const owner of [{ user: 'ada' }, { team: 'core' }, { organisation: 'acme' }]) {
    const [field = ''] = Object.keys(owner);
    const refused = { code: 'GW_BAD_REQUEST', details: { param: field } };
    await expect(records.keys.create(owner, by)).rejects.toMatchObject(refused);
  }
  await records.organisations.create('acme', {}, by);
  await records.organisations.create('other', {}, by);
  await records.teams.create('core', { organisation: 'acme' }, by);
  await records.keys.create({ team: 'core', organisation: 'acme' }, by);
  const { record } = await records.keys.create({ team: 'core' }, by);
  const moved = records.keys.update(record.id, { organisation: 'other' }, by);
  await expect(moved).rejects.toMatchObject({
    code: 'GW_BAD_REQUEST',
    message: expect.stringContaining('"acme"') as string,
  });
});

test('what is no key is refused with the place of each mistake', async () => {
  const bad = { budgets: [{ limit: '5', soft: '6', window: '1mo' }], expires: -1 };
  await expect(records.keys.create(bad, by)).rejects.toMatchObject({
    code: 'GW_BAD_REQUEST',
    message: expect.stringMatching(/budgets\.0: must have a soft limit.*expires/) as string,
  });
  await expect(records.keys.create({ nonsense: 1 } as object, by)).rejects.toMatchObject({ code: 'GW_BAD_REQUEST' });
});
