/** Who may look at which record. What somebody may not see is not there for them. */
import { seesAll, type Actor, type Key, type KeyOwners, type Team } from '@gatewright/auth-keys/records';

/** Their own key, those of their user, and those of teams and organisations that they lead. */
export function seesKey(actor: Actor, id: string, key: Key, owners: KeyOwners): boolean {
  if (seesAll(actor) || id === actor.key) return true;
  if (actor.role === undefined) return false;
  if (key.user !== undefined && key.user === actor.user) return true;
  const { leads } = actor;
  if (key.team !== undefined && leads.teams.includes(key.team)) return true;
  const organisation = owners.team?.organisation ?? key.organisation;
  return organisation !== undefined && leads.organisations.includes(organisation);
}

export function seesTeam(actor: Actor, id: string, team: Team): boolean {
  if (seesAll(actor)) return true;
  if (actor.role === undefined) return false;
  const { belongs, leads } = actor;
  return (
    belongs.teams.includes(id) || (team.organisation !== undefined && leads.organisations.includes(team.organisation))
  );
}

/** Whether they may see what all members of a team spend. */
export function leadsTeam(actor: Actor, id: string, team: Team): boolean {
  if (seesAll(actor) || (actor.role !== undefined && actor.leads.teams.includes(id))) return true;
  const { organisation } = team;
  return actor.role !== undefined && organisation !== undefined && actor.leads.organisations.includes(organisation);
}

export function seesOrganisation(actor: Actor, id: string): boolean {
  return seesAll(actor) || (actor.role !== undefined && actor.belongs.organisations.includes(id));
}

export function seesUser(actor: Actor, id: string): boolean {
  return seesAll(actor) || (actor.role !== undefined && id === actor.user);
}
