/** The service `keys`: for plugins that manage keys, or want to know who does. */
import type { Awaitable, Exchange, Identity, Operation } from '@gatewright/core';
import type { Actor } from './records/actor.ts';
import type { Records } from './records/open.ts';
import type { Role } from './records/shapes.ts';

/** What another auth plugin knows of a caller. Hand in the same object for the same caller: what follows from it is remembered. */
export interface Given {
  /** A stable, non-secret id that is no virtual key's. */
  readonly key: string;
  readonly name?: string;
  readonly user?: string;
  readonly team?: string;
  readonly organisation?: string;
  readonly tags?: readonly string[];
  readonly models?: readonly string[];
  readonly operations?: readonly Operation[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly endUser?: string;
  /** What they may do on the management surface. Absent: what the record of their user says. */
  readonly role?: Role;
  /** Which of these the store must know; others need no record. */
  readonly known: readonly ('user' | 'team' | 'organisation')[];
}

export interface KeyService {
  /** The records behind the keys. */
  readonly records: Records;
  /**
   * Who comes with a credential to manage records. Reads the store, not the cache. Rejects with `GW_UNAUTHENTICATED` where
   * nobody knows it, `GW_FORBIDDEN` where it or its owner is blocked, `GW_STORE_UNAVAILABLE` where the store cannot be asked.
   */
  actor(credential: string | undefined): Promise<Actor>;
  /**
   * The identity of a caller that another plugin knows: with the models, budgets and limits that the store has for their
   * user, team and organisation, and with the end user and the tags that the request brings. Fails as a key's would.
   */
  admit(given: Given, exchange: Exchange): Awaitable<Identity>;
  /** Lets `actor` know callers that another plugin knows. Call it in setup; `verify` answers with nothing for others' credentials. */
  trust(verify: (credential: string) => Promise<Given | undefined>): void;
  /** Takes in what was written to the store up to now, so that this process works by it at once. Rejects with `GW_STORE_UNAVAILABLE`. */
  sync(): Promise<void>;
}

declare module '@gatewright/core' {
  interface Services {
    keys: KeyService;
  }
}
