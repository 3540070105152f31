/** What somebody may do to users, teams and organisations, so that nobody gains rights. Every refusal is `GW_FORBIDDEN`. */
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from './actor.ts';
import { checkOnly, checkWrites, refusal, type Change } from './refusal.ts';
import type { Organisation, Team, User } from './shapes.ts';

/** Throws where an actor may not change a user: only an admin may, but for the name and notes of themself. */
export function checkUser(actor: Actor, { id, before, after }: Change<User>): void {
  if (actor.role === 'admin') return;
  checkWrites(actor);
  if (id !== actor.user || before === undefined || after === undefined) throw refusal('Only an admin may do this.');
  checkOnly(before, after, ['alias', 'metadata'], 'A user may not change their own');
}

/** Throws where an actor may not change a team. Whoever leads it may change its people, but not what holds for themself. */
export function checkTeam(actor: Actor, { id, before, after }: Change<Team>): void {
  if (actor.role === 'admin') return;
  checkWrites(actor);
  if (leadsOrganisation(actor, before) && leadsOrganisation(actor, after)) return;
  if (before === undefined || after === undefined || !actor.leads.teams.includes(id))
    throw refusal('Only an admin of its organisation may do this to a team.');
  checkOnly(before, after, ['alias', 'metadata', 'members'], 'An admin of a team may not change its');
  const own = (team: Team): unknown => team.members.find(({ user }) => user === actor.user);
  if (!isDeepStrictEqual(own(before), own(after)))
    throw refusal('An admin of a team may not change what holds for themself.');
}

function leadsOrganisation({ leads }: Actor, team: Team | undefined): boolean {
  return team === undefined || (team.organisation !== undefined && leads.organisations.includes(team.organisation));
}

/** Throws where an actor may not change an organisation. Whoever leads it may change its people and its name. */
export function checkOrganisation(actor: Actor, { id, before, after }: Change<Organisation>): void {
  if (actor.role === 'admin') return;
  checkWrites(actor);
  if (before === undefined || after === undefined || !actor.leads.organisations.includes(id))
    throw refusal('Only an admin may do this to an organisation.');
  checkOnly(before, after, ['alias', 'metadata', 'members'], 'An admin of an organisation may not change its');
}
