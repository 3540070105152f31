/** Says who is calling: from memory where the key is remembered, else after one bounded read of the store. */
import { timingSafeEqual } from 'node:crypto';
import {
  GatewayError,
  type Awaitable,
  type Clock,
  type Exchange,
  type Identity,
  type Logger,
  type Store,
} from '@gatewright/core';
import { extended, extrasOf, nameOf, type Brought, type Extras } from './extras.ts';
import { Follower, partOf, unavailable, within } from './follower.ts';
import { Gate } from './gate.ts';
import type { Options } from './options.ts';
import { CLAIM } from './records/collection.ts';
import { hashOf, isKeyShaped } from './records/secret.ts';
import { RequestReader } from './request.ts';
import { Resolutions } from './resolutions.ts';
import { sourceOf } from './client-source.ts';
import type { Given } from './service.ts';
import { isUnavailable, RecordSource } from './source.ts';
import { refusalOf, viewOf, viewOfGiven, type KeyView } from './view.ts';

/** The key of the configuration: it is not in the store, and nothing confines it. */
export const ADMIN_VIEW: KeyView = Object.freeze({
  identity: Object.freeze({ key: 'admin', name: 'admin' }),
  expires: Number.POSITIVE_INFINITY,
  requestTags: true,
  role: 'admin',
  confines: {},
});

export class Authenticator {
  readonly follower: Follower;
  readonly #options: Options;
  readonly #clock: Clock;
  readonly #request: RequestReader;
  readonly #adminHash: Buffer | undefined;
  /** The credential that was found to be the admin's; in a set, since comparing strings tells by its time how far they agree. */
  readonly #admins = new Set<string>();
  /** By credential. */
  readonly #keys: Resolutions<KeyView>;
  readonly #extras: Resolutions<Extras>;
  /** Callers that other plugins know, by all that is known of them. */
  readonly #given: Resolutions<KeyView>;
  readonly #names = new WeakMap<Given, string>();

  constructor(options: Options, store: Store, clock: Clock, log: Logger) {
    const { cache, reads, endUser } = options;
    const gate = new Gate(clock, reads.atOnce, reads.waiting, reads.timeout);
    const memory = { capacity: cache.keys, ttl: cache.ttl };
    const follower = new Follower(store, clock, log, reads.timeout);
    const source = new RecordSource(store, follower, gate, clock, memory);
    this.follower = follower;
    this.#options = options;
    this.#clock = clock;
    this.#request = new RequestReader(options);
    this.#adminHash = options.adminKey === undefined ? undefined : Buffer.from(hashOf(options.adminKey));
    const absence = { capacity: cache.unknown, ttl: cache.unknownTtl };
    this.#keys = new Resolutions(follower, clock, memory, absence, async (credential, parts, from) => {
      const hash = hashOf(credential);
      parts.add(partOf(CLAIM, `key-hash:${hash}`));
      const record = await source.key(hash, parts, from);
      return record === undefined ? null : viewOf(record, hash, source, parts);
    });
    this.#given = new Resolutions(follower, clock, memory, absence, (name, parts) =>
      viewOfGiven(JSON.parse(name) as Given, source, parts),
    );
    this.#extras = new Resolutions(follower, clock, memory, memory, (name, parts) =>
      extrasOf(name, source, parts, endUser.budget),
    );
  }

  /** Whether a body may say more of the caller, once it is read. */
  get readsBodies(): boolean {
    return this.#request.readsBodies;
  }

  /** Undefined where the credential is nobody's key here. Throws, or rejects with, a GatewayError that refuses the caller. */
  identify(exchange: Exchange): Awaitable<Identity | undefined> {
    const credential = this.#request.credential(exchange);
    if (credential === undefined) return undefined;
    if (this.#admins.has(credential)) return this.#admit(ADMIN_VIEW, exchange);
    const now = this.#clock.monotonic();
    const view = this.#keys.peek(credential, now);
    if (view && this.follower.isCurrent(now)) return this.#admit(view, exchange);
    return this.#lookUp(credential, exchange);
  }

  /** The identity of a caller that another plugin knows. */
  admit(given: Given, exchange: Exchange): Awaitable<Identity> {
    const name = this.#nameOf(given);
    const now = this.#clock.monotonic();
    const view = this.#given.peek(name, now);
    if (view && this.follower.isCurrent(now)) return this.#admit(view, exchange, given.endUser);
    return this.#known(this.#given, name).then((known) => this.#admit(known as KeyView, exchange, given.endUser));
  }

  /** What a caller that another plugin knows is worth, read as it is now. */
  async viewOfGiven(given: Given): Promise<KeyView> {
    await this.follower.sync();
    const name = this.#nameOf(given);
    const view = (this.#given.peek(name, this.#clock.monotonic()) ?? (await this.#given.load(name))) as KeyView;
    this.#check(view);
    return view;
  }

  /** The end user that a body names, with the rules for them; nothing where a header named one. */
  identifyBody(exchange: Exchange): Awaitable<void> {
    if (exchange.identity.endUser !== undefined) return undefined;
    const endUser = this.#request.endUserInBody(exchange);
    if (endUser === undefined) return undefined;
    const identity = this.#extend(exchange.identity, { endUser });
    if (!(identity instanceof Promise)) return exchange.identify(identity);
    return identity.then((known) => exchange.identify(known));
  }

  /** What a credential is worth, read as it is now. Undefined where it is nobody's key. */
  async view(credential: string): Promise<KeyView | undefined> {
    if (this.#isAdmin(credential)) return ADMIN_VIEW;
    if (!isKeyShaped(credential)) return undefined;
    await this.follower.sync();
    const view = this.#keys.peek(credential, this.#clock.monotonic()) ?? (await this.#keys.load(credential));
    if (view !== null) this.#check(view);
    return view ?? undefined;
  }

  async #lookUp(credential: string, exchange: Exchange): Promise<Identity | undefined> {
    if (this.#isAdmin(credential)) return this.#admit(ADMIN_VIEW, exchange);
    if (!isKeyShaped(credential)) return undefined;
    const view = await this.#known(this.#keys, credential, sourceOf(exchange.remoteAddress));
    return view === undefined ? undefined : this.#admit(view, exchange);
  }

  async #known<V extends object>(memory: Resolutions<V>, name: string, source?: string): Promise<V | undefined> {
    try {
      await this.#catchUp();
      const view = memory.peek(name, this.#clock.monotonic());
      return (view === undefined ? await memory.load(name, source) : view) ?? undefined;
    } catch (error) {
      const view = isUnavailable(error) && this.#mayServe() ? memory.recall(name) : undefined;
      if (view === undefined) throw error;
      return view;
    }
  }

  /** What is remembered was current a moment ago, or is made so. Rejects with `GW_STORE_UNAVAILABLE`. */
  async #catchUp(): Promise<void> {
    if (this.follower.isCurrent(this.#clock.monotonic())) return;
    // Somebody looks for the store already; nobody need wait for what will fail.
    if (this.follower.failing) throw unavailable('and what is remembered may be out of date');
    await within(this.#clock, this.#options.reads.timeout, () => this.follower.sync());
  }

  #mayServe(): boolean {
    const { stale } = this.#options;
    return stale !== 'refuse' && this.follower.age(this.#clock.monotonic()) <= stale.serve;
  }

  #admit(view: KeyView, exchange: Exchange, givenEndUser?: string): Awaitable<Identity> {
    this.#check(view);
    const endUser = givenEndUser ?? this.#request.endUser(exchange);
    const tags = this.#request.tags(exchange);
    if (endUser === undefined && tags === undefined) return view.identity;
    if (tags !== undefined) this.#checkTags(view);
    return this.#extend(view.identity, { endUser, ...(tags === undefined ? {} : { tags }) });
  }

  #check(view: KeyView): void {
    if (view.refused !== undefined) throw refusalOf(view.refused);
    if (this.#clock.now() < view.expires) return;
    const help = 'Ask for a new one.';
    throw new GatewayError('GW_UNAUTHENTICATED', 'This key has expired, or was replaced by another.', { help });
  }

  #checkTags({ requestTags }: KeyView): void {
    const { from } = this.#options.tags;
    if (from === 'all' || (from === 'keys' && requestTags)) return;
    const help = 'Send none, or ask an admin to set "requestTags" on this key.';
    throw new GatewayError('GW_FORBIDDEN', 'This key may not bring tags of its own.', { help });
  }

  #extend(identity: Identity, brought: Brought): Awaitable<Identity> {
    const name = nameOf(brought);
    const now = this.#clock.monotonic();
    const extras = this.#extras.peek(name, now);
    if (extras && this.follower.isCurrent(now)) return withExtras(identity, extras);
    return this.#known(this.#extras, name).then((loaded) => withExtras(identity, loaded as Extras));
  }

  #nameOf(given: Given): string {
    let name = this.#names.get(given);
    if (name === undefined) this.#names.set(given, (name = JSON.stringify(given)));
    return name;
  }

  #isAdmin(credential: string): boolean {
    if (this.#adminHash === undefined) return false;
    const isAdmin = timingSafeEqual(Buffer.from(hashOf(credential)), this.#adminHash);
    if (isAdmin) this.#admins.add(credential);
    return isAdmin;
  }
}

function withExtras(identity: Identity, extras: Extras): Identity {
  if (extras.refused !== undefined) throw refusalOf(extras.refused);
  return extended(identity, extras);
}
