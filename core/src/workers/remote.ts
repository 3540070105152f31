/** How a service that lives in the primary process is used from the workers. */
import { GatewayError, isGatewayError } from '../errors.ts';
import type { ServiceName, Services } from '../services.ts';

/** The primary's side of one worker's use of a service. */
export interface Served {
  /** Answers a call that {@link RemoteService.connect} made. */
  call(method: string, args: readonly unknown[]): unknown;
  /** The worker is gone, or does not use the service any more. */
  close(): void;
}

/** A worker's side. */
export interface ServiceLink {
  /** Rejects with what the primary threw, and with `GW_INTERNAL` where it is gone. */
  call<T>(method: string, ...args: readonly unknown[]): Promise<T>;
  /** Hears what the primary tells; the answer ends it. */
  on(topic: string, listener: (value: never) => void): () => void;
}

/**
 * The two halves of a service whose processes differ. What goes between them is copied (structured clone: integers, dates
 * and maps stay what they are); functions cannot go, so what they are for has to be done on either side.
 */
export interface RemoteService<T> {
  serve(service: T, tell: (topic: string, value: unknown) => void): Served;
  connect(link: ServiceLink): T;
}

/** The halves of a plugin's services, by their names. */
export type RemoteServices = { readonly [S in ServiceName]?: RemoteService<Services[S]> };

/** What a worker's own code is told of an error of {@link ServiceLink.call}: where the primary is gone, the service is. */
export function unreachable(
  error: unknown,
  code: 'GW_STATE_UNAVAILABLE' | 'GW_STORE_UNAVAILABLE',
  service: ServiceName,
): unknown {
  if (!isGatewayError(error) || error.code !== 'GW_INTERNAL') return error;
  return new GatewayError(code, `The ${service} cannot be reached. ${error.message}`);
}
