/** How a service that lives in the primary process is used from the workers. */
import { GatewayError, isGatewayError } from '../errors.ts';
import type { ServiceName, Services } from '../services.ts';
import type { FrameReader, FrameWriter } from './frame.ts';

/** The primary's side of one worker's use of a service. */
export interface Served {
  /** Answers a call that {@link RemoteService.connect} made. */
  call(method: string, args: readonly unknown[]): unknown;
  /** Answers what {@link ServiceLink.ask} was given, before it returns. */
  answer?(questions: FrameReader, answers: FrameWriter): void;
  /** The worker is gone, or does not use the service any more. */
  close(): void;
}

/** A worker's side. */
export interface ServiceLink {
  /** Rejects with what the primary threw, and with `GW_INTERNAL` where it is gone. */
  call<T>(method: string, ...args: readonly unknown[]): Promise<T>;
  /** A frame to be written and given to `ask`: for what every request needs, without names, types and copies. */
  frame(): FrameWriter;
  /**
   * Has {@link Served.answer} answer a frame, after all that were asked before it. `answered` reads the answer before it returns;
   * `failed` is told what the primary threw, and `GW_INTERNAL` where it is gone.
   */
  ask(frame: FrameWriter, answered: (answer: FrameReader) => void, failed: (error: Error) => void): void;
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
export function unreachable<E>(
  error: E,
  code: 'GW_STATE_UNAVAILABLE' | 'GW_STORE_UNAVAILABLE',
  service: ServiceName,
): E | GatewayError {
  if (!isGatewayError(error) || error.code !== 'GW_INTERNAL') return error;
  return new GatewayError(code, `The ${service} cannot be reached. ${error.message}`);
}
