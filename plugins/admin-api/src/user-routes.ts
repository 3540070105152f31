/** The routes of users. */
import { randomUUID } from 'node:crypto';
import { checkUser, type Author, type User } from '@gatewright/auth-keys/records';
import { GatewayError, type StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { notFound } from './failure.ts';
import { id, ids, present } from './holder.ts';
import { KeyDesk } from './key-desk.ts';
import { length, shownKey } from './key-fields.ts';
import { keysOfInfo, pageFields, pageInfo, pageOf } from './page.ts';
import { roleOf, roleWord } from './role.ts';
import { route, type AdminRoute, type Call } from './route.ts';
import { seesUser } from './sight.ts';
import { TeamDesk } from './team-desk.ts';
import { newMember } from './team-fields.ts';
import { newUserBody, shownUser, shownUserOf, userPatch, userPatchBody, type ShownUser } from './user-fields.ts';
import { walk } from './walk.ts';

const group = 'Users';

export function userRoutes(desk: Desk): AdminRoute[] {
  return [
    route({
      method: 'POST',
      path: '/user/new',
      group,
      summary: 'Makes a user, and a key for them.',
      access: 'admin',
      body: newUserBody,
      answer: shownUser.extend({ key: z.string().nullable(), token: z.string().nullable() }),
      run: (call) => makeUser(desk, call),
    }),
    route({
      method: 'POST',
      path: '/user/update',
      group,
      summary: 'Changes a user: what is absent stays, null takes a field away.',
      access: 'known',
      body: userPatchBody,
      answer: shownUser,
      run: async (call) => {
        const { actor } = call;
        const { user_id: userId, ...fields } = call.body;
        if (!seesUser(actor, userId)) throw notFound('user', userId);
        const change = (user: User): unknown => present({ ...user, ...userPatch(user, fields) });
        return show(desk, await desk.changed(desk.records.users.update(userId, change, authorOf(call))));
      },
    }),
    infoRoute(desk),
    listRoute(desk),
    route({
      method: 'POST',
      path: '/user/delete',
      group,
      summary: 'Deletes users. Their keys are refused from then on.',
      access: 'admin',
      body: z.strictObject({ user_ids: ids }),
      answer: z.strictObject({ deleted_users: z.array(z.string()) }),
      run: async (call) => {
        const found = await Promise.all(call.body.user_ids.map((one) => desk.records.users.need(one)));
        for (const one of found) await desk.changed(desk.records.users.delete(one.id, authorOf(call)));
        return { deleted_users: found.map((one) => one.id) };
      },
    }),
  ];
}

const authorOf = ({ actor, author }: Call<unknown, unknown>): Author => ({
  ...author,
  allow: (change) => checkUser(actor, change as Parameters<typeof checkUser>[1]),
});

async function show(desk: Desk, record: StoredRecord<User>): Promise<ShownUser> {
  const [standings, spent, teams] = await Promise.all([
    desk.standing('user', record.id, record.value),
    desk.spent('user', record.id),
    desk.records.teams.find({ where: { member: record.id }, limit: 1000 }),
  ]);
  return shownUserOf(
    record,
    standings,
    spent,
    teams.records.map((one) => one.id),
  );
}

type Made = ShownUser & { key: string | null; token: string | null };

async function makeUser(desk: Desk, call: Call<unknown, z.output<typeof newUserBody>>): Promise<Made> {
  const {
    user_id: userId = randomUUID(),
    teams = [],
    auto_create_key: makesKey,
    key_alias: alias,
    duration,
    ...fields
  } = call.body;
  const expires = typeof duration !== 'string' || duration === '-1' ? undefined : desk.now() + length(duration);
  for (const team of teams) {
    if ((await desk.records.teams.get(team)) !== undefined) continue;
    throw new GatewayError('GW_BAD_REQUEST', `There is no team "${team}". Make it first.`, { param: 'teams' });
  }
  const value = { createdBy: call.actor.id, ...present(userPatch({}, fields)) };
  const record = await desk.changed(desk.records.users.create(userId, value, authorOf(call)));
  const joined = newMember({ user_id: userId, role: 'user' });
  for (const team of teams) {
    await new TeamDesk(desk).change(call, team, (one) => ({ members: [...one.members, joined] }), 'member-add');
  }
  const key = makesKey
    ? await desk.changed(
        desk.records.keys.create(
          {
            user: userId,
            ...(typeof alias === 'string' ? { alias } : {}),
            ...(expires === undefined ? {} : { expires }),
          },
          call.author,
        ),
      )
    : undefined;
  return { ...(await show(desk, record)), key: key?.secret ?? null, token: key?.record.id ?? null };
}

function infoRoute(desk: Desk): AdminRoute {
  const keys = new KeyDesk(desk);
  return route({
    method: 'GET',
    path: '/user/info',
    group,
    summary: 'A user, what they have spent, and their keys. Without an id: the user of the key that asks.',
    access: 'known',
    query: z.strictObject({ user_id: id.optional() }),
    answer: z.strictObject({ user_id: z.string(), user_info: shownUser, keys: z.array(shownKey), ...keysOfInfo }),
    run: async ({ actor, query }) => {
      const userId = query.user_id ?? actor.user;
      if (userId === undefined || !seesUser(actor, userId)) throw notFound('user', userId ?? '');
      const record = await desk.records.users.get(userId);
      if (record === undefined) throw notFound('user', userId);
      const { records, next = null } = await keys.list(actor, { user: userId }, { most: 100 });
      const shown = await Promise.all(records.map((one) => keys.show(one)));
      return { user_id: userId, user_info: await show(desk, record), keys: shown, keys_next_cursor: next };
    },
  });
}

function listRoute(desk: Desk): AdminRoute {
  return route({
    method: 'GET',
    path: '/user/list',
    group,
    summary: 'All users, page by page.',
    access: 'viewer',
    query: z.strictObject({
      ...pageFields,
      role: roleWord.optional(),
      user_email: id.optional(),
      user_alias: id.optional(),
    }),
    answer: z.strictObject({ users: z.array(shownUser), ...pageInfo }),
    run: async ({ query }) => {
      const { user_email: email, user_alias: alias, role } = query;
      const where = present({ email, alias, role: role === undefined ? undefined : roleOf(role) });
      const { cursor: after, size } = query;
      const walked = await walk<User>((one) => desk.records.users.find(one), {
        where: where as Record<string, string>,
        ...(after === undefined ? {} : { after, most: size }),
      });
      const { shown, info } = pageOf(walked, query);
      return { users: await Promise.all(shown.map((one) => show(desk, one))), ...info };
    },
  });
}
