/** The routes of organisations. */
import { randomUUID } from 'node:crypto';
import { checkOrganisation, type Actor, type Author, type Organisation } from '@gatewright/auth-keys/records';
import { GatewayError, type StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { notFound } from './failure.ts';
import { grantFields, holderFields, id, ids, patchedGrants, patchedHolder, present } from './holder.ts';
import { shownGrantFields, shownGrants, shownHolder, shownHolderFields } from './holder.ts';
import { route, type AdminRoute, type Call } from './route.ts';
import { seesOrganisation } from './sight.ts';
import { memberField } from './team-fields.ts';
import { listFields } from './page.ts';
import { walk } from './walk.ts';

const group = 'Organisations';

const fields = {
  ...holderFields,
  ...grantFields,
  organization_alias: id.nullish(),
  tags: z.array(id).max(1000).nullish(),
};
const patchBody = z.strictObject({ ...fields, organization_id: id });
type Fields = z.output<z.ZodObject<typeof fields>>;

const shownMember = z.strictObject({ user_id: z.string(), role: z.string() });
const shownOrganisation = z.strictObject({
  organization_id: z.string(),
  organization_alias: z.string().nullable(),
  ...shownHolderFields,
  ...shownGrantFields,
  tags: z.array(z.string()),
  members: z.array(shownMember),
});

export function organisationRoutes(desk: Desk): AdminRoute[] {
  const records = desk.records.organisations;
  const update = route({
    method: 'POST',
    path: '/organization/update',
    group,
    summary: 'Changes an organisation: what is absent stays, null takes a field away.',
    access: 'known',
    body: patchBody,
    answer: shownOrganisation,
    run: (call) => {
      const { organization_id: one, ...body } = call.body;
      return change(desk, call, one, (value) => patch(value, body));
    },
  });
  const remove = route({
    method: 'POST',
    path: '/organization/delete',
    group,
    summary: 'Deletes organisations. Their keys are refused from then on.',
    access: 'admin',
    body: z.strictObject({ organization_ids: ids }),
    answer: z.strictObject({ deleted_organizations: z.array(z.string()) }),
    run: async (call) => {
      const found = await Promise.all(call.body.organization_ids.map((one) => records.need(one)));
      for (const one of found) await desk.changed(records.delete(one.id, authorOf(call)));
      return { deleted_organizations: found.map((one) => one.id) };
    },
  });
  return [
    route({
      method: 'POST',
      path: '/organization/new',
      group,
      summary: 'Makes an organisation.',
      access: 'admin',
      body: z.strictObject({ ...fields, organization_id: id.optional() }),
      answer: shownOrganisation,
      run: async (call) => {
        const { organization_id: one = randomUUID(), ...body } = call.body;
        const value = { createdBy: call.actor.id, ...present(patch({}, body)) };
        return show(desk, await desk.changed(records.create(one, value, authorOf(call))), call.actor);
      },
    }),
    update,
    { ...update, method: 'PATCH' },
    remove,
    { ...remove, method: 'DELETE' },
    ...reading(desk),
    ...memberRoutes(desk),
  ];
}

function memberRoutes(desk: Desk): AdminRoute[] {
  return [
    route({
      method: 'POST',
      path: '/organization/member_add',
      group,
      summary: 'Adds members to an organisation.',
      access: 'known',
      body: z.strictObject({
        organization_id: id,
        member: z.union([memberField, z.array(memberField).min(1).max(500)]),
      }),
      answer: shownOrganisation,
      run: (call) => {
        const added = [call.body.member].flat().map(({ user_id: user, role }) => ({
          user,
          role: role === 'admin' ? ('admin' as const) : ('member' as const),
        }));
        return change(desk, call, call.body.organization_id, ({ members }) => ({
          members: [...members, ...added],
        }));
      },
    }),
    route({
      method: 'POST',
      path: '/organization/member_delete',
      group,
      summary: 'Takes a member out of an organisation.',
      access: 'known',
      body: z.strictObject({ organization_id: id, user_id: id }),
      answer: shownOrganisation,
      run: (call) =>
        change(desk, call, call.body.organization_id, ({ members }) => {
          if (members.some(({ user }) => user === call.body.user_id))
            return { members: members.filter(({ user }) => user !== call.body.user_id) };
          throw new GatewayError('GW_NOT_FOUND', `"${call.body.user_id}" is no member of this organisation.`);
        }),
    }),
  ];
}

function reading(desk: Desk): AdminRoute[] {
  const info = route({
    method: 'GET',
    path: '/organization/info',
    group,
    summary: 'An organisation, and what it has spent.',
    access: 'known',
    query: z.strictObject({ organization_id: id }),
    answer: shownOrganisation,
    run: async ({ actor, query }) => show(desk, await find(desk, query.organization_id, actor), actor),
  });
  const list = route({
    method: 'GET',
    path: '/organization/list',
    group,
    summary: 'The organisations that you may see.',
    access: 'known',
    query: z.strictObject(listFields),
    answer: z.array(shownOrganisation),
    run: async ({ actor, query: { cursor, size }, goesOn }) => {
      const { records, next } = await walk<Organisation>((query) => desk.records.organisations.find(query), {
        after: cursor,
        most: size,
        keep: (one) => seesOrganisation(actor, one.id),
      });
      goesOn(next);
      return Promise.all(records.map((one) => show(desk, one, actor)));
    },
  });
  return [info, list];
}

const authorOf = ({ actor, author }: Pick<Call<unknown, unknown>, 'actor' | 'author'>): Author => ({
  ...author,
  allow: (changed) => checkOrganisation(actor, changed as Parameters<typeof checkOrganisation>[1]),
});

async function find(desk: Desk, one: string, actor: Actor): Promise<StoredRecord<Organisation>> {
  const found = seesOrganisation(actor, one) ? await desk.records.organisations.get(one) : undefined;
  if (found === undefined) throw notFound('organisation', one);
  return found;
}

async function change(
  desk: Desk,
  call: Call<unknown, unknown>,
  one: string,
  make: (value: Organisation) => Record<string, unknown>,
): Promise<z.input<typeof shownOrganisation>> {
  await find(desk, one, call.actor);
  const after = (value: Organisation): unknown => present({ ...value, ...make(value) });
  const record = await desk.changed(desk.records.organisations.update(one, after, authorOf(call)));
  return show(desk, record, call.actor);
}

function patch(before: Partial<Organisation>, body: Fields): Record<string, unknown> {
  const { organization_alias: alias, tags } = body;
  return {
    ...patchedHolder(before, body),
    ...patchedGrants(body),
    ...(alias === undefined ? {} : { alias }),
    ...(tags === undefined ? {} : { tags }),
  };
}

async function show(
  desk: Desk,
  record: StoredRecord<Organisation>,
  actor: Actor,
): Promise<z.input<typeof shownOrganisation>> {
  const { id: one, value } = record;
  const [standings, spent] = await Promise.all([
    desk.standing('organisation', one, value),
    desk.spent('organisation', one),
  ]);
  const all = actor.role === 'admin' || actor.role === 'admin-viewer' || actor.leads.organisations.includes(one);
  const members = all ? value.members : value.members.filter(({ user }) => user === actor.user);
  return {
    organization_id: one,
    organization_alias: value.alias ?? null,
    ...shownHolder(record, standings, spent),
    ...shownGrants(value),
    tags: [...(value.tags ?? [])],
    members: members.map(({ user, role }) => ({ user_id: user, role: role === 'admin' ? 'admin' : 'user' })),
  };
}
