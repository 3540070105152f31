/** Keys as somebody sees them: found by id, secret, hash or alias, and only where they may be seen. */
import { checkKey, isHash, isKeyShaped, seesAll } from '@gatewright/auth-keys/records';
import type { Actor, Author, Key, KeyOwners } from '@gatewright/auth-keys/records';
import type { StoredRecord } from '@gatewright/core';
import type { Desk } from './desk.ts';
import { notFound } from './failure.ts';
import { shownKeyOf, type ShownKey } from './key-fields.ts';
import type { Call } from './route.ts';
import { seesKey } from './sight.ts';
import { walk, type Walked, type WalkOptions } from './walk.ts';

type Named = Pick<Key, 'team' | 'organisation'>;

export class KeyDesk {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Throws `GW_NOT_FOUND`, also where there is such a key and the actor may not see it. */
  async find(text: string, actor: Actor): Promise<StoredRecord<Key>> {
    const { keys } = this.#desk.records;
    const found = isKeyShaped(text)
      ? await keys.bySecret(text)
      : isHash(text)
        ? await keys.byHash(text)
        : ((await keys.get(text)) ?? (await keys.byAlias(text)));
    if (found === undefined || !(await this.sees(actor, found))) throw notFound('key', text);
    return found;
  }

  /** The key of an alias; throws `GW_NOT_FOUND`. */
  async findAlias(alias: string, actor: Actor): Promise<StoredRecord<Key>> {
    const found = await this.#desk.records.keys.byAlias(alias);
    if (found === undefined || !(await this.sees(actor, found))) throw notFound('key', alias);
    return found;
  }

  async sees(actor: Actor, { id, value }: StoredRecord<Key>): Promise<boolean> {
    return seesAll(actor) || seesKey(actor, id, value, await this.owners(value));
  }

  /** The team and the organisation that a key names, as far as they are there. */
  async owners({ team, organisation }: Named): Promise<KeyOwners> {
    const { teams, organisations } = this.#desk.records;
    const [one, other] = await Promise.all([
      team === undefined ? undefined : teams.get(team),
      organisation === undefined ? undefined : organisations.get(organisation),
    ]);
    return { team: one?.value, organisation: other?.value };
  }

  /** An author that may only do to a key what the actor may. */
  async author(call: Pick<Call<unknown, unknown>, 'actor' | 'author'>, key: Named): Promise<Author> {
    const owners = await this.owners(key);
    return {
      ...call.author,
      allow: (change) => checkKey(call.actor, change as Parameters<typeof checkKey>[1], owners),
    };
  }

  async show(record: StoredRecord<Key>): Promise<ShownKey> {
    const [standings, spent] = await Promise.all([
      this.#desk.standing('key', record.id, record.value),
      this.#desk.spent('key', record.id),
    ]);
    return shownKeyOf(record, standings, spent);
  }

  /** The keys that the actor sees and that are under these fields, in the order of their ids. */
  async list(
    actor: Actor,
    where: Readonly<Record<string, string>>,
    { after, most }: Pick<WalkOptions<Key>, 'after' | 'most'> = {},
  ): Promise<Walked<Key>> {
    const { keys } = this.#desk.records;
    const found = new Map<string, StoredRecord<Key>>();
    const ends: string[] = [];
    const isNamed = Object.keys(where).length > 0;
    const keep = this.#seenBy(actor);
    for (const own of isNamed ? [where] : placesOf(actor)) {
      const walked = await walk<Key>((query) => keys.find(query), { where: own, after, most, keep });
      for (const record of walked.records) found.set(record.id, record);
      if (walked.next !== undefined) ends.push(walked.next);
    }
    if (actor.key !== undefined && !isNamed) {
      const own = await keys.get(actor.key);
      if (own !== undefined && (after === undefined || own.id > after)) found.set(own.id, own);
    }
    const sorted = [...found.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
    // Behind where the first of several walks ended, some may be missing.
    const end = ends.toSorted()[0];
    const whole = end === undefined ? sorted : sorted.filter(({ id }) => id <= end);
    const records = most === undefined ? whole : whole.slice(0, most);
    return { records, next: records.length < whole.length ? records.at(-1)?.id : end };
  }

  /** Many keys have few owners: each is read once. */
  #seenBy(actor: Actor): (record: StoredRecord<Key>) => Promise<boolean> {
    const owners = new Map<string, Promise<KeyOwners>>();
    return async ({ id, value }) => {
      if (seesAll(actor)) return true;
      const name = JSON.stringify([value.team, value.organisation]);
      const known = owners.get(name) ?? this.owners(value);
      owners.set(name, known);
      return seesKey(actor, id, value, await known);
    };
  }
}

/** Where the keys are that somebody may see. */
function placesOf(actor: Actor): Record<string, string>[] {
  if (seesAll(actor)) return [{}];
  if (actor.role === undefined) return [{ user: '' }];
  const { user, leads } = actor;
  const places = [
    ...(user === undefined ? [] : [{ user }]),
    ...leads.teams.map((team) => ({ team })),
    ...leads.organisations.map((organisation) => ({ organisation })),
  ];
  return places.length === 0 ? [{ user: '' }] : places;
}
