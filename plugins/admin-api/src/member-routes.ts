/** The routes of the members of a team. */
import { GatewayError } from '@gatewright/core';
import type { Member, Team } from '@gatewright/auth-keys/records';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { id } from './holder.ts';
import { route, type AdminRoute } from './route.ts';
import { TeamDesk } from './team-desk.ts';
import { memberField, memberPatch, newMember, patchedMember, shownTeam, type MemberPatch } from './team-fields.ts';

const group = 'Teams';

export function memberRoutes(desk: Desk): AdminRoute[] {
  const teams = new TeamDesk(desk);
  return [
    route({
      method: 'POST',
      path: '/team/member_add',
      group,
      summary: 'Adds members to a team.',
      access: 'known',
      body: memberPatch.extend({ team_id: id, member: z.union([memberField, z.array(memberField).min(1).max(500)]) }),
      answer: shownTeam,
      run: async (call) => {
        const { team_id: teamId, member, ...patch } = call.body;
        const added = [member].flat().map((one) => patchedMember(newMember(one), patch));
        const record = await teams.change(call, teamId, (team) => joined(team, added), 'member-add');
        return teams.show(record, call.actor);
      },
    }),
    route({
      method: 'POST',
      path: '/team/member_update',
      group,
      summary: 'Changes what a member may do and spend in a team.',
      access: 'known',
      body: memberPatch.extend({ team_id: id, user_id: id, role: memberField.shape.role.unwrap().optional() }),
      answer: shownTeam,
      run: async (call) => {
        const { team_id: teamId, user_id: user, role, ...patch } = call.body;
        const record = await teams.change(call, teamId, (team) => changed(team, user, patch, role), 'member-update');
        return teams.show(record, call.actor);
      },
    }),
    route({
      method: 'POST',
      path: '/team/member_delete',
      group,
      summary: 'Takes a member out of a team.',
      access: 'known',
      body: z.strictObject({ team_id: id, user_id: id }),
      answer: shownTeam,
      run: async (call) => {
        const { team_id: teamId, user_id: user } = call.body;
        const left = (team: Team): Record<string, unknown> => {
          memberOf(team, user);
          return { members: team.members.filter((one) => one.user !== user) };
        };
        return teams.show(await teams.change(call, teamId, left, 'member-delete'), call.actor);
      },
    }),
  ];
}

/** Throws `GW_CONFLICT` where somebody is a member already. */
function joined({ members }: Team, added: readonly Member[]): Record<string, unknown> {
  const twice = added.find(({ user }) => members.some((one) => one.user === user));
  if (twice === undefined) return { members: [...members, ...added] };
  throw new GatewayError('GW_CONFLICT', `"${twice.user}" is a member of this team already.`, { param: 'member' });
}

function changed(
  team: Team,
  user: string,
  patch: MemberPatch,
  role: 'admin' | 'user' | 'member' | undefined,
): Record<string, unknown> {
  const before = memberOf(team, user);
  return { members: team.members.map((one) => (one === before ? patchedMember(one, patch, role) : one)) };
}

function memberOf({ members }: Team, user: string): Member {
  const found = members.find((one) => one.user === user);
  if (found !== undefined) return found;
  throw new GatewayError('GW_NOT_FOUND', `"${user.slice(0, 128)}" is no member of this team.`, { param: 'user_id' });
}
