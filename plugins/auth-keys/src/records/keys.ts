/** Virtual keys: made, changed, rotated and deleted. A secret leaves this file once, in the answer to whoever asked for it. */
import { randomBytes } from 'node:crypto';
import {
  GatewayError,
  type Clock,
  type RecordPage,
  type RecordQuery,
  type Store,
  type StoredRecord,
} from '@gatewright/core';
import { Collection, type Author, type Patch } from './collection.ts';
import { newKeyShape, type Key, type NewKey } from './key.ts';
import { KEY, ORGANISATION, TEAM, USER } from './kinds.ts';
import { hashOf, isHash, isKeyShaped, newSecret, SHORTEST_CHOSEN, shownOf } from './secret.ts';
import type { Team } from './shapes.ts';

/** Where a new key's secret comes from: made here, chosen by the author, or known by its hash only. */
export interface SecretSource {
  /** A secret of the author's own choice; at least 20 characters that begin with `sk-`. */
  readonly secret?: string;
  /** The SHA-256 of a secret that nobody tells: for keys that are brought from another gateway. */
  readonly hash?: string;
  /** What people are shown of a key that is known by its hash only. */
  readonly shown?: string;
}

export interface MadeKey {
  readonly record: StoredRecord<Key>;
  /** Shown once; absent where the key is known by its hash only. */
  readonly secret?: string;
}

/** The fields that may be changed after a key was made; the rest changes by rotation. */
export type KeyPatch = Patch<NewKey>;

const PATCHABLE = new Set(Object.keys(newKeyShape.shape));

export class Keys {
  readonly records: Collection<Key>;
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.records = new Collection(KEY, store, clock);
    this.#store = store;
    this.#clock = clock;
  }

  get(id: string): Promise<StoredRecord<Key> | undefined> {
    return this.records.get(id);
  }

  find(query?: RecordQuery): Promise<RecordPage<Key>> {
    return this.records.find(query);
  }

  /** The key that a secret of it hashes to, secrets from before a rotation included, whether or not they are still taken. */
  async byHash(hash: string): Promise<StoredRecord<Key> | undefined> {
    if (!isHash(hash)) return undefined;
    return (await this.find({ where: { hash }, limit: 1 })).records[0];
  }

  bySecret(secret: string): Promise<StoredRecord<Key> | undefined> {
    return isKeyShaped(secret) ? this.byHash(hashOf(secret)) : Promise.resolve(undefined);
  }

  async byAlias(alias: string): Promise<StoredRecord<Key> | undefined> {
    return (await this.find({ where: { alias }, limit: 1 })).records[0];
  }

  /** Throws `GW_BAD_REQUEST`, also where its user, team or organisation does not exist; `GW_CONFLICT` where secret or alias is taken. */
  async create(input: NewKey, author: Author, source: SecretSource = {}): Promise<MadeKey> {
    const { secret, hash, shown } = secretOf(source);
    await this.#checkOwners(input);
    const value = { ...input, createdBy: author.actor, hash, shown };
    const id = randomBytes(12).toString('base64url');
    const record = await this.records.create(`key_${id}`, value, author);
    return secret === undefined ? { record } : { record, secret };
  }

  async update(id: string, patch: KeyPatch, author: Author): Promise<StoredRecord<Key>> {
    const stranger = Object.keys(patch).find((field) => !PATCHABLE.has(field));
    if (stranger !== undefined) {
      throw new GatewayError('GW_BAD_REQUEST', `A key's "${stranger}" cannot be changed.`, { param: stranger });
    }
    if ([patch.user, patch.team, patch.organisation].some(isGiven)) {
      const { value } = await this.records.need(id);
      await this.#checkOwners({ ...value, ...patch });
    }
    return this.records.update(id, patch as Patch<Key>, author);
  }

  block(id: string, blocked: boolean, author: Author): Promise<StoredRecord<Key>> {
    return this.records.block(id, blocked, author);
  }

  /** Gives a key another secret. For `grace` milliseconds the old one is taken too; then, or with 0, no more. */
  async rotate(id: string, author: Author, grace = 0, source: Pick<SecretSource, 'secret'> = {}): Promise<MadeKey> {
    const { secret, hash, shown } = secretOf(source);
    const rotated = this.#clock.now();
    const change = (key: Key): unknown => {
      const valid = (key.previous ?? []).filter(({ until }) => until > rotated);
      const previous = grace > 0 ? [...valid, { hash: key.hash, until: rotated + grace }] : [];
      return { ...key, hash, shown, previous, rotated, rotations: key.rotations + 1 };
    };
    const record = await this.records.update(id, change, author, 'rotate');
    return { record, ...(secret === undefined ? {} : { secret }) };
  }

  delete(id: string, author: Author): Promise<StoredRecord<Key>> {
    return this.records.delete(id, author);
  }

  async #checkOwners({ user, team, organisation }: KeyPatch): Promise<void> {
    const [, teamRecord] = await Promise.all([
      this.#owner(USER.kind, user),
      this.#owner(TEAM.kind, team),
      this.#owner(ORGANISATION.kind, organisation),
    ]);
    const own = (teamRecord?.value as Team | undefined)?.organisation;
    if (!isGiven(organisation) || own === undefined || own === organisation) return;
    const message = `The team "${team}" belongs to the organisation "${own}", not to "${organisation}".`;
    throw new GatewayError('GW_BAD_REQUEST', message, { param: 'organisation' });
  }

  async #owner(kind: string, id: string | null | undefined): Promise<StoredRecord | undefined> {
    if (!isGiven(id)) return undefined;
    const record = await this.#store.get(kind, id);
    if (record !== undefined) return record;
    throw new GatewayError('GW_BAD_REQUEST', `There is no ${kind} "${id}". Make it first.`, { param: kind });
  }
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

function secretOf({ secret, hash, shown }: SecretSource): { secret?: string; hash: string; shown: string } {
  if (hash !== undefined) return { hash, shown: shown ?? 'sk-...' };
  const own = secret ?? newSecret();
  if (!isKeyShaped(own) || own.length < SHORTEST_CHOSEN) {
    const message = `A key must begin with "sk-" and have ${SHORTEST_CHOSEN} to 256 characters of ASCII, without spaces.`;
    throw new GatewayError('GW_BAD_REQUEST', message, { param: 'key' });
  }
  return { secret: own, hash: hashOf(own), shown: shownOf(own) };
}
