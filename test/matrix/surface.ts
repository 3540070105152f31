/** A column of the matrix on the client's side: an API of the gateway, asked with its vendor's own SDK. */
import type { Case } from './conversation.ts';

export interface Destination {
  /** The root of the gateway. */
  readonly url: string;
  readonly model: string;
  readonly stream: boolean;
}

export interface SurfaceDriver {
  /** The dialect's id. */
  readonly id: string;
  /** The package that asks. */
  readonly sdk: string;
  /** The cases that clients of this API cannot put into words, each with why. */
  readonly inexpressible: Readonly<Record<string, string>>;
  /** Asks, and states as facts what the SDK decoded. Rejects with the SDK's own error. */
  ask(example: Case, to: Destination): Promise<readonly string[]>;
}
