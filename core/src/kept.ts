/** The neutral form of asking for something that a provider keeps under an id. */
import type { JsonObject } from './dialect.ts';

/** What is to be done with it. The gateway sends it to whoever made the thing, and to nobody else. */
export interface KeptRequest {
  /** The provider's own id of it. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** What stands behind the path of its kind, with its query: `/resp_1/cancel`. Ids in it are encoded. */
  readonly path: string;
  readonly stream?: boolean;
}

/** What the provider says of it, in its own form. */
export interface KeptAnswer {
  readonly body: JsonObject;
}
