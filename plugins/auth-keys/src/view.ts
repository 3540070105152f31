/** What a key is worth: the identity that it stands for, and why it is refused where it is. */
import { GatewayError, type Identity, type StoredRecord } from '@gatewright/core';
import { budgetsOf, checkBlocked, subject, type Holder, type Refuse, type Refused } from './holder.ts';
import type { Confines } from './records/actor.ts';
import type { Key } from './records/key.ts';
import { ACCESS_GROUP, KEY, ORGANISATION, TAG, TEAM, USER } from './records/kinds.ts';
import { common, type ModelSet } from './records/patterns.ts';
import type { AccessGroup, Organisation, Role, Tag, Team, User } from './records/shapes.ts';
import type { Parts } from './resolutions.ts';
import { RuleList, scopeOf, type Subject } from './rules.ts';
import type { Given } from './service.ts';
import type { RecordSource } from './source.ts';

/** A key with all that its owners add to it. Made of records, without regard to the time. */
export interface KeyView {
  readonly identity: Identity;
  /** Unix milliseconds from which on it is no longer taken. */
  readonly expires: number;
  /** Why it is refused. */
  readonly refused?: Refused;
  /** Requests may bring tags of their own. */
  readonly requestTags: boolean;
  readonly role?: Role | undefined;
  readonly userRole?: Role | undefined;
  readonly confines: Confines;
}

interface Grants {
  readonly models?: readonly string[] | undefined;
  readonly accessGroups?: readonly string[] | undefined;
}

/** Reads a key's owners and what they share. Rejects with `GW_STORE_UNAVAILABLE`. */
export async function viewOf(
  record: StoredRecord<Key>,
  hash: string,
  source: RecordSource,
  parts: Parts,
  known: readonly string[] = [USER.kind, TEAM.kind, ORGANISATION.kind],
): Promise<KeyView> {
  const making = new Making(source, parts, known);
  const { value: key } = record;
  const owners = await making.owners(key);
  const { user, team, organisation } = owners;
  const tags = [...new Set([key, user, team, organisation].flatMap((one) => one?.tags ?? []))];
  await making.rules(record.id, key, owners, tags);
  const models = await making.models(key, owners);
  const previous = key.previous?.find((one) => one.hash === hash);
  const until = Math.min(key.expires ?? Infinity, previous?.until ?? Infinity);
  const { refused } = making;
  return Object.freeze({
    identity: frozen(identityOf(record, organisationOf(key, team), tags, models, making.list)),
    // A secret that is neither the key's own nor one from before has been replaced meanwhile.
    expires: hash === key.hash || previous !== undefined ? until : 0,
    requestTags: key.requestTags === true,
    role: key.role,
    userRole: user?.role,
    confines: confinesOf(key),
    ...(refused === undefined ? {} : { refused }),
  });
}

/** What a caller is worth that another plugin knows. */
export function viewOfGiven(given: Given, source: RecordSource, parts: Parts): Promise<KeyView> {
  const { key: id, name, known, role, endUser: _endUser, metadata, models, operations, tags, ...owners } = given;
  const value: Key = {
    ...owners,
    hash: '',
    shown: name ?? id,
    rotations: 0,
    ...(name === undefined ? {} : { alias: name }),
    ...(role === undefined ? {} : { role }),
    ...(metadata === undefined ? {} : { metadata: metadata as NonNullable<Key['metadata']> }),
    ...(models === undefined ? {} : { models: [...models] }),
    ...(operations === undefined ? {} : { operations: [...operations] }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
  };
  const record = { kind: KEY.kind, id, version: 0, value, created: 0, updated: 0 };
  return viewOf(record, '', source, parts, known);
}

interface Owners {
  readonly user?: User | undefined;
  readonly team?: Team | undefined;
  readonly organisation?: Organisation | undefined;
}

const organisationOf = (key: Key, team: Team | undefined): string | undefined => key.organisation ?? team?.organisation;

/** One view being made: the rules that come together, and the first reason to refuse. */
class Making {
  readonly list = new RuleList();
  refused: Refused | undefined;
  readonly #refuse: Refuse = (reason) => (this.refused ??= reason);
  readonly #source: RecordSource;
  readonly #parts: Parts;
  readonly #known: readonly string[];

  /** `known`: the kinds of owners that must be there. */
  constructor(source: RecordSource, parts: Parts, known: readonly string[]) {
    this.#source = source;
    this.#parts = parts;
    this.#known = known;
  }

  /** Whoever a key belongs to must be there and not blocked: else the key would escape its owner's rules. */
  async owners(key: Key): Promise<Owners> {
    checkBlocked('This key', key, this.#refuse);
    const [user, team] = await Promise.all([
      this.#owner<User>(USER.kind, key.user),
      this.#owner<Team>(TEAM.kind, key.team),
    ]);
    const organisation = await this.#owner<Organisation>(ORGANISATION.kind, organisationOf(key, team));
    return { user, team, organisation };
  }

  async rules(id: string, key: Key, { user, team, organisation }: Owners, tags: readonly string[]): Promise<void> {
    await this.#add({ scope: scopeOf('key', id), label: `key "${key.alias ?? key.shown}"` }, key);
    if (user !== undefined) await this.#add(subject('user', key.user), user);
    if (team !== undefined) {
      await this.#add(subject('team', key.team, team.alias), team);
      if (key.user !== undefined) await this.#add(memberSubject(key.team, key.user), memberTerms(team, key.user));
    }
    const whose = organisationOf(key, team);
    if (organisation !== undefined) await this.#add(subject('organisation', whose, organisation.alias), organisation);
    for (const tag of tags) {
      const record = await this.#source.read<Tag>(TAG.kind, tag, this.#parts);
      if (record === undefined) continue;
      checkBlocked(`The tag "${tag}"`, record, this.#refuse);
      await this.#add(subject('tag', tag), record);
    }
  }

  /** The models that a key and all of its owners allow. */
  async models(key: Key, { user, team, organisation }: Owners): Promise<ModelSet> {
    let models = await this.#granted(key);
    for (const owner of [user, team, organisation]) {
      if (owner !== undefined) models = common(models, await this.#granted(owner));
    }
    return team === undefined || key.user === undefined ? models : common(models, memberTerms(team, key.user).models);
  }

  async #granted({ models, accessGroups }: Grants): Promise<ModelSet> {
    if (accessGroups === undefined) return models;
    const groups = await Promise.all(
      accessGroups.map((id) => this.#source.read<AccessGroup>(ACCESS_GROUP.kind, id, this.#parts)),
    );
    return [...(models ?? []), ...groups.flatMap((group) => group?.models ?? [])];
  }

  async #add(subject: Subject, holder: Holder): Promise<void> {
    this.list.add(subject, holder, await budgetsOf(holder, this.#source, this.#parts, this.#refuse));
  }

  async #owner<T extends Holder>(kind: string, id: string | undefined): Promise<T | undefined> {
    if (id === undefined) return undefined;
    const owner = await this.#source.read<T>(kind, id, this.#parts);
    if (owner !== undefined) checkBlocked(`The ${kind} "${id}"`, owner, this.#refuse);
    else if (this.#known.includes(kind)) {
      const message = `The ${kind} "${id}" of this key does not exist any more.`;
      this.#refuse({ message, help: 'Ask an admin to make it, or for a new key.' });
    }
    return owner;
  }
}

function memberSubject(team = '', user = ''): Subject {
  return { scope: `${scopeOf('team', team)} ${scopeOf('user', user)}`, label: `"${user}" in the team "${team}"` };
}

/** What holds for a user in a team: what is their own, else what holds for all members. */
function memberTerms(team: Team, user: string): Holder & Grants {
  const own = team.members.find((one) => one.user === user);
  return { ...team.memberDefaults, ...own };
}

function identityOf(
  { id, value: key }: StoredRecord<Key>,
  organisation: string | undefined,
  tags: readonly string[],
  models: ModelSet,
  list: RuleList,
): Identity {
  const { alias, user, team, operations, metadata } = key;
  const rules = list.rules();
  return {
    key: id,
    ...(alias === undefined ? {} : { name: alias }),
    ...(user === undefined ? {} : { user }),
    ...(team === undefined ? {} : { team }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(models === undefined ? {} : { models }),
    ...(operations === undefined ? {} : { operations }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(rules === undefined ? {} : { rules }),
  };
}

function confinesOf({ models, accessGroups, operations, tags, expires, budgets, limits, budgetIds }: Key): Confines {
  return {
    ...(models === undefined ? {} : { models }),
    ...(accessGroups === undefined ? {} : { accessGroups }),
    ...(operations === undefined ? {} : { operations }),
    ...(tags === undefined ? {} : { tags }),
    ...(expires === undefined ? {} : { expires }),
    metered: [budgets, limits, budgetIds].some((rules) => rules !== undefined && rules.length > 0),
  };
}

/** Every exchange of a key is given the same object. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}

/** The error of a key that is known and refused. */
export function refusalOf({ message, help }: Refused): GatewayError {
  return new GatewayError('GW_FORBIDDEN', message, { help });
}
