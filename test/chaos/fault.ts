/** A fault: what is done to a site, and what must hold afterwards. */
import type { Audit } from './audit.ts';
import type { Servers } from './site.ts';

/** How large a run is: the tests' own, or the full length. */
export interface Scale {
  /** Multiplies numbers of requests. */
  readonly load: number;
  /** Milliseconds that an outage lasts. */
  readonly outage: number;
}

export interface Verdict {
  /** What the clients saw, and what was done. */
  readonly seen: string;
  /** What is wrong; empty where all holds. */
  readonly wrong: readonly string[];
  /** The bill held against the books; absent where the fault could not be tried on this machine. */
  readonly audit?: Audit;
}

export interface Fault {
  readonly name: string;
  run(servers: Servers, scale: Scale): Promise<Verdict>;
}

/** `200 × 190, 402 × 310` */
export function showStatuses(statuses: ReadonlyMap<number, number>): string {
  const shown = [...statuses].toSorted(([a], [b]) => a - b);
  return shown.map(([status, count]) => `${status === 0 ? 'broken' : status} × ${count}`).join(', ');
}
