/** What the primary process and its workers say to each other. */
import type { ConfigInput } from '../gateway.ts';
import type { ListenAt } from '../http/listeners.ts';
import type { ServiceName } from '../services.ts';

/** The bindings that the primary keeps in memory: of no kernel. */
export const BINDINGS = '#bindings';

/** What the first number of an answer to a frame says: what was asked for follows, or an error. */
export const ANSWERED = 0;
export const FAILED = 1;

/** A worker's call of a service. */
export type ServiceCall = readonly [
  service: ServiceName | typeof BINDINGS,
  generation: number,
  method: string,
  args: readonly unknown[],
];

/** What a service tells a worker that was not asked for. */
export interface ServiceNotice {
  readonly service: ServiceCall[0];
  readonly generation: number;
  readonly topic: string;
  readonly value: unknown;
}

/** A configuration as workers are given it: always the same that the primary has checked. */
export interface Orders {
  readonly config: ConfigInput;
  readonly generation: number;
}

/** What a worker is told when it has started. */
export interface FirstOrders extends Orders {
  /** Its number, from 1. */
  readonly slot: number;
  readonly at: ListenAt;
}

export interface PeerAnswers {
  /** One for each worker that serves. */
  readonly living: readonly unknown[];
  /** The last ones of workers that are gone, each handed out once. */
  readonly left: readonly unknown[];
}
