/** Organisations through the management surface: with teams of their own, and whoever leads them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRig, type Rig } from './rig.test.kit.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

test('an organisation is made, changed, read and deleted', async () => {
  const body = { organization_id: 'acme', organization_alias: 'Acme', max_budget: 100, models: ['free'] };
  expect((await rig.admin('POST', '/organization/new', body)).body).toMatchObject(body);
  expect((await rig.admin('POST', '/organization/new', body)).status).toBe(409);
  const changed = await rig.admin('PATCH', '/organization/update', { organization_id: 'acme', max_budget: null });
  expect(changed.body).toMatchObject({ max_budget: null, organization_alias: 'Acme' });
  expect((await rig.admin('GET', '/organization/info?organization_id=acme')).body).toMatchObject({ models: ['free'] });
  expect((await rig.admin('GET', '/organization/list')).body).toHaveLength(1);
  const gone = await rig.admin('DELETE', '/organization/delete', { organization_ids: ['acme'] });
  expect(gone.body).toEqual({ deleted_organizations: ['acme'] });
});

test('who leads an organisation makes teams in it and nowhere else', async () => {
  const user = await rig.admin('POST', '/user/new', { user_id: 'lead' });
  const key = (await rig.admin('POST', '/key/generate', { user_id: 'lead', role: 'user' })).body['key'] as string;
  expect(user.body['key']).toMatch(/^sk-/);
  await rig.admin('POST', '/organization/new', { organization_id: 'house' });
  await rig.admin('POST', '/organization/new', { organization_id: 'other' });
  await rig.admin('POST', '/organization/member_add', {
    organization_id: 'house',
    member: { user_id: 'lead', role: 'admin' },
  });
  const lead = rig.as(key);
  expect((await lead('POST', '/team/new', { team_id: 'own', organization_id: 'house', max_budget: 5 })).status).toBe(
    200,
  );
  expect((await lead('POST', '/team/new', { team_id: 'its', organization_id: 'other' })).status).toBe(403);
  expect((await lead('POST', '/team/new', { team_id: 'free' })).status).toBe(403);
  expect((await lead('POST', '/organization/update', { organization_id: 'house', max_budget: 5 })).status).toBe(403);
  expect((await lead('GET', '/organization/info?organization_id=other')).status).toBe(404);
  expect((await lead('GET', '/organization/list')).body).toMatchObject([{ organization_id: 'house' }]);
  await rig.admin('POST', '/organization/member_delete', { organization_id: 'house', user_id: 'lead' });
  expect((await lead('POST', '/team/update', { team_id: 'own', max_budget: 50 })).status).toBe(404);
});

test('a list that goes on says where, in a header', async () => {
  for (const id of ['p1', 'p2', 'p3']) await rig.admin('POST', '/organization/new', { organization_id: `paged ${id}` });
  const seen: unknown[] = [];
  let path: string | undefined = '/organization/list?size=2';
  while (path !== undefined) {
    const { status, body, headers } = await rig.admin('GET', path);
    expect(status).toBe(200);
    const page = body as unknown as { organization_id: string }[];
    expect(page.length).toBeLessThanOrEqual(2);
    seen.push(...page.map((one) => one.organization_id));
    path = /^<([^>]+)>; rel="next"$/.exec((headers['link'] as string | undefined) ?? '')?.[1];
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(['paged p1', 'paged p2', 'paged p3']));
});
