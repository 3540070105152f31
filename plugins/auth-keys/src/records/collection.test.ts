/** Changes expect the version they were made from, and nothing of a refused one is kept. */
import { systemClock, type Store } from '@gatewright/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, type OpenedStore } from '../stores.test.kit.ts';
import { openRecords, type Records } from './index.ts';

let opened: OpenedStore;
let store: Store;
let records: Records;
const by = { actor: 'admin' };
beforeEach(async () => {
  opened = await openSqlite();
  store = opened.store;
  records = openRecords(store, systemClock);
});
afterEach(() => opened.close());

test('of two that change a version, one is told that the other was faster', async () => {
  const { version } = await records.teams.create('core', {}, by);
  await records.teams.update('core', { alias: 'A' }, { ...by, expect: version });
  const late = records.teams.update('core', { alias: 'B' }, { ...by, expect: version });
  await expect(late).rejects.toMatchObject({
    code: 'GW_CONFLICT',
    message: expect.stringContaining('version 2') as string,
  });
  await expect(records.teams.delete('core', { ...by, expect: version })).rejects.toMatchObject({ code: 'GW_CONFLICT' });
  expect((await records.teams.need('core')).value.alias).toBe('A');
});

test('changes by function that meet are all made', async () => {
  await records.teams.create('core', {}, by);
  const join = (user: string): Promise<unknown> =>
    records.teams.update('core', (team) => ({ ...team, members: [...team.members, { user }] }), by);
  await Promise.all(['a', 'b', 'c', 'd'].map(join));
  expect((await records.teams.need('core')).value.members.map(({ user }) => user).toSorted()).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
});

test('a change that is not allowed is not made, and sees what it would have written', async () => {
  await records.teams.create('core', { alias: 'A' }, by);
  const seen: unknown[] = [];
  const allow = (change: unknown): void => {
    seen.push(change);
    throw new Error('no');
  };
  await expect(records.teams.update('core', { alias: 'B' }, { ...by, allow })).rejects.toThrow('no');
  await expect(records.teams.delete('core', { ...by, allow })).rejects.toThrow('no');
  await expect(records.teams.create('other', {}, { ...by, allow })).rejects.toThrow('no');
  expect(seen).toMatchObject([
    { id: 'core', before: { alias: 'A' }, after: { alias: 'B' } },
    { id: 'core', before: { alias: 'A' } },
    { id: 'other', after: {} },
  ]);
  expect((await store.audit({})).map(({ action }) => action)).toEqual(['team.create']);
});

test('what does not exist is said not to exist, and what exists is not made again', async () => {
  await expect(records.users.update('ada', {}, by)).rejects.toMatchObject({ code: 'GW_NOT_FOUND' });
  await expect(records.users.delete('ada', by)).rejects.toMatchObject({ code: 'GW_NOT_FOUND' });
  await records.users.create('ada', {}, by);
  await expect(records.users.create('ada', {}, by)).rejects.toMatchObject({ code: 'GW_CONFLICT' });
});

test('records are found by what they belong to', async () => {
  await records.users.create('ada', { email: 'ada@example.org' }, by);
  await records.organisations.create('acme', {}, by);
  await records.teams.create('core', { organisation: 'acme', members: [{ user: 'ada', role: 'admin' }] }, by);
  await records.accessGroups.create('beta', { models: ['smart'] }, by);
  const ids = async (page: Promise<{ records: readonly { id: string }[] }>): Promise<string[]> =>
    (await page).records.map(({ id }) => id);
  expect(await ids(records.users.find({ where: { email: 'ada@example.org' } }))).toEqual(['ada']);
  expect(await ids(records.teams.find({ where: { member: 'ada' } }))).toEqual(['core']);
  expect(await ids(records.teams.find({ where: { organisation: 'acme' } }))).toEqual(['core']);
  expect(await ids(records.accessGroups.find({ where: { model: 'smart' } }))).toEqual(['beta']);
});
