/** The service `keys`: for plugins that manage keys, or want to know who does. */
import type { Actor } from './records/actor.ts';
import type { Records } from './records/open.ts';

export interface KeyService {
  /** The records behind the keys. */
  readonly records: Records;
  /**
   * Who comes with a credential to manage records. Reads the store, not the cache. Rejects with `GW_UNAUTHENTICATED` where
   * nobody knows it, `GW_FORBIDDEN` where it or its owner is blocked, `GW_STORE_UNAVAILABLE` where the store cannot be asked.
   */
  actor(credential: string | undefined): Promise<Actor>;
  /** Takes in what was written to the store up to now, so that this process works by it at once. Rejects with `GW_STORE_UNAVAILABLE`. */
  sync(): Promise<void>;
}

declare module '@gatewright/core' {
  interface Services {
    keys: KeyService;
  }
}
