/** Teams as somebody sees them, and changes of them that are theirs to make. */
import { randomUUID } from 'node:crypto';
import { checkTeam, type Actor, type Author, type Team } from '@gatewright/auth-keys/records';
import { GatewayError, type StoredRecord } from '@gatewright/core';
import type { Desk } from './desk.ts';
import { notFound } from './failure.ts';
import { present } from './holder.ts';
import type { Call } from './route.ts';
import { leadsTeam, seesTeam } from './sight.ts';
import { shownTeamOf, type ShownTeam } from './team-fields.ts';
import { walk, type Walked, type WalkOptions } from './walk.ts';

type Caller = Pick<Call<unknown, unknown>, 'actor' | 'author'>;

export class TeamDesk {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Throws `GW_NOT_FOUND`, also where there is such a team and the actor may not see it. */
  async find(id: string, actor: Actor): Promise<StoredRecord<Team>> {
    const found = await this.#desk.records.teams.get(id);
    if (found === undefined || !seesTeam(actor, id, found.value)) throw notFound('team', id);
    return found;
  }

  /** An author that may only do to a team what the actor may. */
  author({ actor, author }: Caller): Author {
    return { ...author, allow: (change) => checkTeam(actor, change as Parameters<typeof checkTeam>[1]) };
  }

  async create(
    call: Caller,
    id: string | undefined,
    value: Readonly<Record<string, unknown>>,
  ): Promise<StoredRecord<Team>> {
    const author = this.author(call);
    // Before anything is looked up: nobody learns here which organisations there are.
    author.allow?.({ id: id ?? '', after: { members: [], ...value } });
    await this.#checkOrganisation(value['organisation']);
    return this.#desk.changed(this.#desk.records.teams.create(id ?? randomUUID(), present(value), author));
  }

  /** Changes a team by what it is now. */
  async change(
    call: Caller,
    id: string,
    patch: (team: Team) => Record<string, unknown>,
    action?: string,
  ): Promise<StoredRecord<Team>> {
    const found = await this.find(id, call.actor);
    const change = (team: Team): unknown => present({ ...team, ...patch(team) });
    const author = this.author(call);
    const after = change(found.value);
    author.allow?.({ id, before: found.value, after });
    await this.#checkOrganisation((after as Team).organisation);
    return this.#desk.changed(this.#desk.records.teams.update(id, change, author, action));
  }

  async show(record: StoredRecord<Team>, actor: Actor): Promise<ShownTeam> {
    const { id, value } = record;
    const [standings, spent] = await Promise.all([
      this.#desk.standing('team', id, value),
      this.#desk.spent('team', id),
    ]);
    const all = leadsTeam(actor, id, value);
    const members = all ? value.members : value.members.filter(({ user }) => user === actor.user);
    return shownTeamOf(record, standings, spent, members);
  }

  /** The teams that the actor sees, under these fields. */
  list(actor: Actor, options: Pick<WalkOptions<Team>, 'where' | 'after' | 'most'>): Promise<Walked<Team>> {
    const keep = (one: StoredRecord<Team>): boolean => seesTeam(actor, one.id, one.value);
    return walk<Team>((query) => this.#desk.records.teams.find(query), { ...options, keep });
  }

  async #checkOrganisation(id: unknown): Promise<void> {
    if (typeof id !== 'string' || (await this.#desk.records.organisations.get(id)) !== undefined) return;
    const message = `There is no organisation "${id.slice(0, 128)}". Make it first.`;
    throw new GatewayError('GW_BAD_REQUEST', message, { param: 'organization_id' });
  }
}
