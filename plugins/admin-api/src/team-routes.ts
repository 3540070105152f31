/** The routes of teams. */
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { id, ids, present } from './holder.ts';
import { keysOfInfo, listFields } from './page.ts';
import { KeyDesk } from './key-desk.ts';
import { shownKey } from './key-fields.ts';
import { route, type AdminRoute } from './route.ts';
import { leadsTeam } from './sight.ts';
import { TeamDesk } from './team-desk.ts';
import { newMember, newTeamBody, shownTeam, teamPatch, teamPatchBody } from './team-fields.ts';

const group = 'Teams';

export function teamRoutes(desk: Desk): AdminRoute[] {
  const teams = new TeamDesk(desk);
  return [
    route({
      method: 'POST',
      path: '/team/new',
      group,
      summary: 'Makes a team.',
      access: 'known',
      body: newTeamBody,
      answer: shownTeam,
      run: async (call) => {
        const { team_id: teamId, members_with_roles: members = [], ...fields } = call.body;
        const value = { ...present(teamPatch({}, fields)), members: members.map(newMember) };
        return teams.show(await teams.create(call, teamId, { createdBy: call.actor.id, ...value }), call.actor);
      },
    }),
    route({
      method: 'POST',
      path: '/team/update',
      group,
      summary: 'Changes a team: what is absent stays, null takes a field away.',
      access: 'known',
      body: teamPatchBody,
      answer: shownTeam,
      run: async (call) => {
        const { team_id: teamId, ...fields } = call.body;
        const record = await teams.change(call, teamId, (team) => teamPatch(team, fields));
        return teams.show(record, call.actor);
      },
    }),
    infoRoute(desk, teams),
    ...furtherRoutes(desk, teams),
  ];
}

function furtherRoutes(desk: Desk, teams: TeamDesk): AdminRoute[] {
  return [
    route({
      method: 'GET',
      path: '/team/list',
      group,
      summary: 'The teams that you may see.',
      access: 'known',
      query: z.strictObject({
        ...listFields,
        user_id: id.optional(),
        organization_id: id.optional(),
        team_alias: id.optional(),
      }),
      answer: z.array(shownTeam),
      run: async ({ actor, query, goesOn }) => {
        const { user_id: member, organization_id: organisation, team_alias: alias, cursor: after, size: most } = query;
        const where = present({ member, organisation, alias }) as Record<string, string>;
        const { records, next } = await teams.list(actor, { where, after, most });
        goesOn(next);
        return Promise.all(records.map((one) => teams.show(one, actor)));
      },
    }),
    route({
      method: 'POST',
      path: '/team/delete',
      group,
      summary: 'Deletes teams. Their keys are refused from then on.',
      access: 'known',
      body: z.strictObject({ team_ids: ids }),
      answer: z.strictObject({ deleted_teams: z.array(z.string()) }),
      run: async (call) => {
        const found = await Promise.all(call.body.team_ids.map((one) => teams.find(one, call.actor)));
        for (const { id: teamId } of found) {
          await desk.changed(desk.records.teams.delete(teamId, teams.author(call)));
        }
        return { deleted_teams: found.map((one) => one.id) };
      },
    }),
    blockRoute(teams, true),
    blockRoute(teams, false),
  ];
}

function infoRoute(desk: Desk, teams: TeamDesk): AdminRoute {
  const keys = new KeyDesk(desk);
  return route({
    method: 'GET',
    path: '/team/info',
    group,
    summary: 'A team, what it has spent, and the keys of it that you may see.',
    access: 'known',
    query: z.strictObject({ team_id: id }),
    answer: z.strictObject({ team_id: z.string(), team_info: shownTeam, keys: z.array(shownKey), ...keysOfInfo }),
    run: async ({ actor, query }) => {
      const found = await teams.find(query.team_id, actor);
      const own = leadsTeam(actor, found.id, found.value)
        ? { team: found.id }
        : { team: found.id, user: actor.user ?? '' };
      const { records, next = null } = await keys.list(actor, own, { most: 100 });
      const shown = await Promise.all(records.map((one) => keys.show(one)));
      const info = await teams.show(found, actor);
      return { team_id: found.id, team_info: info, keys: shown, keys_next_cursor: next };
    },
  });
}

function blockRoute(teams: TeamDesk, blocked: boolean): AdminRoute {
  return route({
    method: 'POST',
    path: blocked ? '/team/block' : '/team/unblock',
    group,
    summary: blocked ? 'From now on all keys of the team are refused.' : 'The keys of the team are taken again.',
    access: 'known',
    body: z.strictObject({ team_id: id }),
    answer: shownTeam,
    run: async (call) => {
      const change = (): Record<string, unknown> => ({ blocked: blocked ? true : null });
      const record = await teams.change(call, call.body.team_id, change, blocked ? 'block' : 'unblock');
      return teams.show(record, call.actor);
    },
  });
}
