/** The exchange: the life of one client request, from its first byte to its log record. */
import type { Attempt } from './attempt.ts';
import type { Dialect, RequestSize, Surface } from './dialect.ts';
import type { GatewayError } from './errors.ts';
import type { Identity } from './identity.ts';
import type { Outline } from './json/outline.ts';
import type { Operation, RequestOf, ResponseOf } from './operations.ts';
import type { Route } from './route.ts';
import type { Trace } from './trace.ts';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What a spawned exchange is for, and how it may differ from its parent. */
export interface SpawnOptions {
  /** Why it was spawned; stands in its log record. For example `judge`, `mirror`. */
  readonly cause: string;
  /** Default `chat`. */
  readonly operation?: Operation;
  /** The child goes on when the parent's client leaves; a gateway that stops does not wait for it. Default false. */
  readonly outlive?: boolean;
}

/** A warning that goes back to the client in a header: something was left out. */
export interface Warning {
  readonly field: string;
  readonly reason: string;
}

/** Moments in the life of an exchange, in milliseconds of the monotonic clock; 0 where not reached. */
export interface Timings {
  readonly start: number;
  /** The first attempt was handed to its provider. */
  sent: number;
  /** The head of the last reply arrived. */
  head: number;
  /** The first content went to the client. */
  content: number;
  /** The last byte came from the provider. */
  received: number;
  end: number;
  /** The sum of the time spent waiting for providers. */
  upstream: number;
}

/** What hooks see of an exchange. Plugins keep state of their own in a {@link Slot}. */
export interface Exchange {
  /** The gateway's id of this request; the client gets it as `x-gatewright-request-id`. */
  readonly id: string;
  readonly operation: Operation;
  /** The surface it came in by; undefined for a spawned exchange. */
  readonly surface: Surface | undefined;
  /** The client's dialect; undefined for a spawned exchange, which speaks the neutral form. */
  readonly dialect: Dialect | undefined;
  /** Header names in lower case. */
  readonly headers: RequestHeaders;
  readonly method: string;
  readonly path: string;
  /** The address of the client's socket. */
  readonly remoteAddress: string | undefined;
  /** The key that the client sent, or undefined. Never log it. */
  readonly credential: string | undefined;
  /** Aborted when the client leaves, the gateway gives up, or the exchange is over. */
  readonly signal: AbortSignal;
  /** Calls the listener once when `signal` aborts, without the cost of an AbortSignal. The answer takes it back. */
  onAbort(listener: (reason: Error) => void): () => void;
  readonly parent: Exchange | undefined;
  readonly cause: string | undefined;
  /** 0 for a client's request, one more for each spawn. */
  readonly depth: number;
  /** Who is calling; the anonymous identity before `auth` has run. */
  readonly identity: Identity;
  /** The model that the client asked for; '' where the operation has none. */
  readonly model: string;
  /** The client asked for a stream. */
  readonly stream: boolean;
  /** The outline of the request's body; undefined where there is none, or before it was read. */
  readonly body: Outline | undefined;
  readonly route: Route | undefined;
  readonly attempts: readonly Attempt[];
  readonly warnings: readonly Warning[];
  readonly timings: Timings;
  /** The error that the exchange ended with. */
  readonly error: GatewayError | undefined;
  /** Set when the exchange is being explained: each tap notes what it did. */
  readonly trace: Trace | undefined;
  /** Storage of the slots. */
  readonly slots: unknown[];
  /** Says more of who is calling than `auth` could, now that the body is read. Throws `GW_PLUGIN_CONTRACT` where it is another key. */
  identify(identity: Identity): void;
  /** Adds a header to the reply, whatever the reply will be: names in lower case. Too late once the reply has begun. */
  setReplyHeader(name: string, value: string): void;
  /** How large the request is, and how much it may produce. For meters: it spares decoding the request. */
  size(): RequestSize & { readonly bytes: number };
  /** The request in the neutral form, decoded on first use. Throws `GW_BAD_REQUEST`. */
  request<O extends Operation = 'chat'>(): RequestOf<O>;
  /**
   * Runs another request for the same identity, under the same access rules, meters and hooks, with a log record of its own.
   * Throws what the request fails with; `GW_DEPTH` where exchanges spawn too deeply.
   */
  spawn<O extends Operation = 'chat'>(request: RequestOf<O>, options: SpawnOptions): Promise<ResponseOf<O>>;
}
