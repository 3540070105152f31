/** No key makes a broader one, and nobody widens their own. */
import { isGatewayError } from '@gatewright/core';
import { expect, test } from 'vitest';
import { ADMIN, type Actor } from './actor.ts';
import { keyShape, type Key } from './key.ts';
import { checkKey, type KeyOwners } from './key-privileges.ts';
import { teamShape } from './shapes.ts';

const NOTHING = { teams: [], organisations: [] };
const actor = (over: Partial<Actor> = {}): Actor => ({
  id: 'k-ada',
  key: 'k-ada',
  role: 'user',
  user: 'ada',
  leads: NOTHING,
  belongs: NOTHING,
  ...over,
});
const key = (over: Partial<Key> = {}): Key =>
  keyShape.parse({ hash: 'a'.repeat(64), shown: 'sk-...', user: 'ada', ...over });
const budget = (limit: string): NonNullable<Key['budgets']> => [{ limit, window: '1mo' }];
const core = teamShape.parse({ organisation: 'acme', members: [{ user: 'ada', role: 'admin' }, { user: 'bob' }] });

function may(who: Actor, change: { id?: string; before?: Key; after?: Key }, owners: KeyOwners = {}): boolean {
  try {
    checkKey(who, { id: 'k-other', ...change }, owners);
    return true;
  } catch (error) {
    expect(isGatewayError(error) && error.code).toBe('GW_FORBIDDEN');
    return false;
  }
}

const lead = actor({
  leads: { teams: ['core'], organisations: [] },
  belongs: { teams: ['core'], organisations: ['acme'] },
});

test('an admin may do anything, a viewer and a key without a role nothing', () => {
  const { role: _role, ...without } = actor();
  for (const change of [{ after: key() }, { before: key(), after: key({ models: ['a'] }) }, { before: key() }]) {
    expect(may(ADMIN, change)).toBe(true);
    expect(may(actor({ role: 'viewer' }), change)).toBe(false);
    expect(may(actor({ role: 'admin-viewer' }), change)).toBe(false);
    expect(may(without, change)).toBe(false);
    expect(may(actor(), change)).toBe(true);
  }
});

test.each<[string, Actor['confines'] & object, Partial<Key>, boolean]>([
  ['models that it has', { models: ['gpt-*'] }, { models: ['gpt-4o'] }, true],
  ['a narrower pattern', { models: ['gpt-*'] }, { models: ['gpt-4*'] }, true],
  ['a broader pattern', { models: ['gpt-4*'] }, { models: ['gpt-*'] }, false],
  ['another model', { models: ['a'] }, { models: ['a', 'b'] }, false],
  ['all models', { models: ['a'] }, {}, false],
  ['an access group that it has', { accessGroups: ['beta'] }, { accessGroups: ['beta'] }, true],
  ['an access group that it has not', { models: ['*'] }, { accessGroups: ['beta'] }, false],
  ['all models where it has a group', { accessGroups: ['beta'] }, {}, false],
  ['fewer operations', { operations: ['chat', 'models'] }, { operations: ['chat'] }, true],
  ['another operation', { operations: ['models'] }, { operations: ['chat'] }, false],
  ['all operations', { operations: ['chat'] }, {}, false],
  ['an earlier end', { expires: 100 }, { expires: 99 }, true],
  ['a later end', { expires: 100 }, { expires: 101 }, false],
  ['no end', { expires: 100 }, {}, false],
  ['its tags', { tags: ['a'] }, { tags: ['a', 'b'] }, true],
  ['not its tags', { tags: ['a'] }, { tags: ['b'] }, false],
  ['anything, out of reach of its budget', { metered: true }, {}, false],
  ['tags from requests', {}, { requestTags: true }, false],
  ['a shared budget', {}, { budgetIds: ['b1'] }, false],
  ['the role user', {}, { role: 'user' }, true],
  ['the role admin', {}, { role: 'admin' }, false],
  ['the role admin-viewer', {}, { role: 'admin-viewer' }, false],
  ['another user', {}, { user: 'bob' }, false],
  ['nobody', {}, { user: undefined }, false],
  ['a team that the user is not in', {}, { team: 'core' }, false],
  ['an organisation that the user is not in', {}, { organisation: 'acme' }, false],
])('a key makes one for %s', (_what, confines, made, allowed) => {
  expect(may(actor({ confines }), { after: key(made) })).toBe(allowed);
});

test.each<[string, Partial<Key>]>([
  ['role', { role: 'admin' }],
  ['limits', { limits: [] }],
  ['budgets', { budgets: budget('900') }],
  ['models', { models: ['*'] }],
  ['expiry', { expires: 900 }],
  ['tags', { tags: [] }],
  ['user', { user: 'bob' }],
  ['team', { team: 'core' }],
])('a key may not change its own %s, whoever it leads', (_what, over) => {
  const own = {
    models: ['a'],
    limits: [{ unit: 'requests', limit: 1 }],
    budgets: budget('5'),
    expires: 5,
    tags: ['x'],
  } as const;
  const before = key({ ...own, models: ['a'], limits: [...own.limits], tags: ['x'] });
  for (const who of [actor(), lead])
    expect(may(who, { id: 'k-ada', before, after: { ...before, ...over } })).toBe(false);
});

test('a key may name itself, be rotated, turn itself off and be deleted, but not turn itself on again', () => {
  const [before, blocked] = [key(), key({ blocked: true })];
  expect(may(actor(), { id: 'k-ada', before, after: { ...before, alias: 'mine', metadata: { a: 1 } } })).toBe(true);
  expect(may(actor(), { id: 'k-ada', before, after: { ...before, hash: 'b'.repeat(64), rotations: 1 } })).toBe(true);
  expect(may(actor(), { id: 'k-ada', before, after: blocked })).toBe(true);
  expect(may(actor(), { id: 'k-ada', before })).toBe(true);
  expect(may(actor(), { id: 'k-ada', before: blocked, after: before })).toBe(false);
});

test.each<[string, Partial<Key>, Partial<Key>, boolean]>([
  ['fewer models', { models: ['a', 'b'] }, { models: ['a'] }, true],
  ['models where there were all', {}, { models: ['a'] }, true],
  ['more models', { models: ['a'] }, { models: ['a', 'b'] }, false],
  ['all models', { models: ['a'] }, { models: undefined }, false],
  ['a budget besides', { budgets: budget('5') }, { budgets: [...budget('5'), ...budget('3')] }, true],
  ['a larger budget', { budgets: budget('5') }, { budgets: budget('6') }, false],
  ['no budget', { budgets: budget('5') }, { budgets: undefined }, false],
  ['no limit', { limits: [{ unit: 'requests', limit: 1 }] }, { limits: [] }, false],
  ['an earlier end', { expires: 5 }, { expires: 4 }, true],
  ['a later end', { expires: 5 }, { expires: 6 }, false],
  ['being blocked', {}, { blocked: true }, true],
  ['being unblocked', { blocked: true }, { blocked: false }, false],
  ['no role', { role: 'user' }, { role: undefined }, true],
  ['a role', {}, { role: 'user' }, false],
  ['a shared budget', {}, { budgetIds: ['b'] }, false],
])('a user gives another key of theirs %s', (_what, before, after, allowed) => {
  expect(may(actor(), { before: key(before), after: key({ ...before, ...after }) })).toBe(allowed);
});

test('whoever leads a team makes and changes keys of it, for its members only', () => {
  const owners = { team: core };
  const after = key({ team: 'core', user: 'bob' });
  expect(may(lead, { after }, owners)).toBe(true);
  expect(may(lead, { after: key({ team: 'core', user: undefined }) }, owners)).toBe(true);
  expect(may(lead, { after: key({ team: 'core', user: 'eve' }) }, owners)).toBe(false);
  expect(may(lead, { after: key({ team: 'other', user: 'bob' }) }, { team: core })).toBe(false);
  expect(may(lead, { after: key({ team: 'core', user: 'bob', role: 'user' }) }, owners)).toBe(false);
  expect(may(lead, { before: after, after: { ...after, budgets: budget('9') } }, owners)).toBe(true);
  expect(may(lead, { before: after, after: { ...after, user: 'ada' } }, owners)).toBe(false);
  expect(may(lead, { before: after }, owners)).toBe(true);
  expect(may(actor(), { before: after }, owners)).toBe(false);
  const metered = { ...lead, confines: { metered: true } };
  const had = { ...after, budgets: budget('5') };
  expect(may(metered, { before: had, after: { ...had, budgets: budget('9') } }, owners)).toBe(false);
});

test('whoever leads an organisation has its teams, and charges no other', () => {
  const boss = actor({
    leads: { teams: [], organisations: ['acme'] },
    belongs: { teams: [], organisations: ['acme'] },
  });
  const foreign = teamShape.parse({ members: [{ user: 'ada' }] });
  expect(may(boss, { after: key({ team: 'core', user: 'bob' }) }, { team: core })).toBe(true);
  expect(may(boss, { after: key({ team: 'other', organisation: 'acme' }) }, { team: foreign })).toBe(false);
  expect(may(lead, { after: key({ team: 'core', organisation: 'rich' }) }, { team: foreign })).toBe(false);
});

test('a confined key rotates no broader key of its user: it would have that one’s secret', () => {
  const broad = key();
  const rotated = { ...broad, hash: 'b'.repeat(64), rotations: 1 };
  expect(may(actor(), { before: broad, after: rotated })).toBe(true);
  expect(may(actor({ confines: { models: ['a'] } }), { before: broad, after: rotated })).toBe(false);
  const narrow = key({ models: ['a'] });
  const again = { ...narrow, hash: 'b'.repeat(64), rotations: 1 };
  expect(may(actor({ confines: { models: ['a'] } }), { before: narrow, after: again })).toBe(true);
});
