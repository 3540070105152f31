/** The service `health`: which targets are worth asking, as far as the calls to them tell. */

/** How a target, or a whole provider, is doing. A live view where the service says so: read it, and do not keep it. */
export interface TargetHealth {
  /** `provider/model`; of a provider as a whole, its id. */
  readonly id: string;
  readonly scope: 'target' | 'provider';
  /** `open`: it is not called. `half-open`: a few calls try whether it is back. */
  readonly state: 'closed' | 'open' | 'half-open';
  /** When it came into this state, Unix milliseconds. */
  readonly since: number;
  /** When an open one will be tried again, Unix milliseconds. */
  readonly until?: number | undefined;
  /** Why it opened last, for people; undefined where it never did, and once it has closed. */
  readonly reason?: string | undefined;
  /** What answered and what failed of the calls that say something of it, in the window. */
  readonly answered: number;
  readonly failed: number;
  /** How often it has opened since the gateway started. */
  readonly openings: number;
}

/** Knows how targets are doing. Both methods are cheap enough for every request. */
export interface Health {
  /** Of a target, by its id; where its provider as a whole is worse off, of that. undefined: nothing guards it, or nothing is known yet. */
  of(target: string): TargetHealth | undefined;
  /** All targets and providers of which something is known. */
  all(): readonly TargetHealth[];
}
