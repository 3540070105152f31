/** Users, teams and organisations are changed by those who may, and by nobody for themself. */
import { isGatewayError } from '@gatewright/core';
import { expect, test } from 'vitest';
import { ADMIN, lesser, type Actor } from './actor.ts';
import { checkOrganisation, checkTeam, checkUser } from './privileges.ts';
import { organisationShape, teamShape, userShape, type Role } from './shapes.ts';

const ada: Actor = {
  id: 'k-ada',
  role: 'user',
  user: 'ada',
  leads: { teams: ['core'], organisations: [] },
  belongs: { teams: ['core'], organisations: ['acme'] },
};
const boss: Actor = { ...ada, leads: { teams: [], organisations: ['acme'] } };

function may(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    expect(isGatewayError(error) && error.code).toBe('GW_FORBIDDEN');
    return false;
  }
}

test.each<[string, object, boolean]>([
  ['name', { alias: 'Ada' }, true],
  ['notes', { metadata: { a: 1 } }, true],
  ['role', { role: 'admin' }, false],
  ['budgets', { budgets: [] }, false],
  ['limits', { limits: [] }, false],
  ['models', { models: ['*'] }, false],
  ['block', { blocked: false }, false],
  ['email, by which tokens know them', { email: 'boss@example.org' }, false],
])('a user changes their own %s', (_what, over, allowed) => {
  const before = userShape.parse({ blocked: true, models: ['a'], limits: [{ unit: 'requests', limit: 1 }] });
  const after = userShape.parse({ ...before, ...over });
  expect(may(() => checkUser(ada, { id: 'ada', before, after }))).toBe(allowed);
  expect(may(() => checkUser(ada, { id: 'bob', before, after }))).toBe(false);
  expect(may(() => checkUser({ ...ada, role: 'viewer' }, { id: 'ada', before, after }))).toBe(false);
  expect(may(() => checkUser(ADMIN, { id: 'ada', before, after }))).toBe(true);
});

const members = [
  { user: 'ada', role: 'admin', budgets: [{ limit: '5', window: '1d' }] },
  { user: 'bob', role: 'member' },
];

test.each<[string, object, boolean]>([
  ['add a member', { members: [...members, { user: 'eve' }] }, true],
  [
    'change another’s terms',
    { members: [members[0], { ...members[1], limits: [{ unit: 'tokens', limit: 9 }] }] },
    true,
  ],
  ['change what holds for themself', { members: [{ user: 'ada', role: 'admin' }, members[1]] }, false],
  ['leave, to be under what holds for everyone', { members: [members[1]] }, false],
  ['change what holds for everyone', { memberDefaults: {} }, false],
  ['change its budgets', { budgets: [] }, false],
  ['change its models', { models: ['*'] }, false],
  ['move it', { organisation: 'rich' }, false],
  ['unblock it', { blocked: false }, false],
])('whoever leads a team may %s', (_what, over, allowed) => {
  const before = teamShape.parse({ organisation: 'acme', members, models: ['a'], blocked: true });
  const after = teamShape.parse({ ...before, ...over });
  expect(may(() => checkTeam(ada, { id: 'core', before, after }))).toBe(allowed);
  expect(may(() => checkTeam(ada, { id: 'other', before, after }))).toBe(false);
});

test('whoever leads an organisation makes, changes and deletes its teams, and moves none elsewhere', () => {
  const team = teamShape.parse({ organisation: 'acme' });
  const foreign = teamShape.parse({ organisation: 'rich' });
  expect(may(() => checkTeam(boss, { id: 'new', after: team }))).toBe(true);
  expect(may(() => checkTeam(boss, { id: 'new', before: team }))).toBe(true);
  expect(may(() => checkTeam(boss, { id: 'new', before: team, after: foreign }))).toBe(false);
  expect(may(() => checkTeam(boss, { id: 'new', before: foreign, after: team }))).toBe(false);
  expect(may(() => checkTeam(boss, { id: 'new', after: teamShape.parse({}) }))).toBe(false);
  expect(may(() => checkTeam(ada, { id: 'core', before: team }))).toBe(false);
});

test('whoever leads an organisation changes its people, not what holds for it', () => {
  const before = organisationShape.parse({ budgets: [{ limit: '5', window: '1mo' }] });
  const with_ = (over: object): object => organisationShape.parse({ ...before, ...over });
  const change =
    (over: object): (() => void) =>
    () =>
      checkOrganisation(boss, { id: 'acme', before, after: with_(over) as typeof before });
  expect(may(change({ members: [{ user: 'eve' }] }))).toBe(true);
  expect(may(change({ budgets: [] }))).toBe(false);
  expect(may(() => checkOrganisation(boss, { id: 'acme', before }))).toBe(false);
  expect(may(() => checkOrganisation(boss, { id: 'rich', after: before }))).toBe(false);
});

test.each<[Role, Role, Role]>([
  ['admin', 'user', 'user'],
  ['user', 'admin', 'user'],
  ['admin-viewer', 'user', 'viewer'],
  ['user', 'admin-viewer', 'viewer'],
  ['admin', 'admin', 'admin'],
  ['viewer', 'admin', 'viewer'],
])('of %s and %s the lesser is %s', (one, other, less) => {
  expect(lesser(one, other)).toBe(less);
});
