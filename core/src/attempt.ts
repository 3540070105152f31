/** An attempt: one call to one target. */
import type { Stop } from './chat/response.ts';
import type { GatewayError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { FormBody } from './form/file.ts';
import type { KeptRequest } from './kept.ts';
import type { Cost } from './services.ts';
import type { Target, Timeouts } from './route.ts';
import type { Claim, Grant, Posting, SettleResult } from './state.ts';
import type { Usage } from './usage.ts';

export interface Attempt {
  /** The exchange's id and the attempt's number: the id of its hold. */
  readonly id: string;
  /** 1 for the first. */
  readonly number: number;
  readonly exchange: Exchange;
  readonly target: Target;
  /** The id of the dialect that `body` is in: one of those that the provider said it speaks. */
  readonly dialect: string;
  /** The body to send, in the dialect of the target. Undefined where the operation has none. */
  readonly body: Buffer | undefined;
  /** What a large `body` is made of: most of it are bytes of the client's. Asking for `body` itself copies them. */
  readonly pieces?: readonly Buffer[] | undefined;
  /** What is sent where the request is a form with files; `body` then holds its fields as JSON. */
  readonly form?: FormBody | undefined;
  /** Set where something is asked for that the provider keeps: `Upstream` takes method and path from it. */
  readonly kept?: KeptRequest | undefined;
  /** The client's headers that the dialect sends on; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: boolean;
  /** Those of the target, as far as the caller's headers do not make them shorter. Absent: the target's. */
  readonly timeouts?: Timeouts;
  /** Whether its answer has begun: the first content of a stream is there, or the head of a reply in one piece. */
  readonly begun?: boolean;
  /** Aborted when this attempt must stop: the client left, a timeout fired, the gateway is going down. */
  readonly signal: AbortSignal;
  /** Calls the listener once when `signal` aborts, without the cost of an AbortSignal. The answer takes it back. */
  onAbort(listener: (reason: Error) => void): () => void;
  /** The lowest of the clamps that the meters asked for. */
  readonly maxOutput: number | undefined;
  /** What the meters reserved for it, and how those counters stood then. */
  readonly reserved: { readonly claims: readonly Claim[]; readonly grants: readonly Grant[] } | undefined;
  /** Calls the listener when the shared state has taken the bill, and says whether it came late. One listener, set in `meter.settle`. */
  onSettled(listener: (result: SettleResult) => void): void;
  /** Set once the attempt is over. */
  readonly outcome: AttemptOutcome | undefined;
}

export interface AttemptOutcome {
  /** `hedged`: another target that was asked besides it answered first. */
  readonly result: 'success' | 'error' | 'timeout' | 'client-gone' | 'shutdown' | 'hedged';
  /** The provider's HTTP status; 0 where no head arrived. */
  readonly status: number;
  readonly error?: GatewayError;
  /** What was used, as far as it is known; of a broken stream, what was seen until it broke. */
  readonly usage?: Usage;
  /**
   * Output tokens of a stream that broke before its usage came: an estimate from the number and the size of its events.
   * Absent where there is usage, or nothing was produced.
   */
  readonly produced?: number;
  /** Set where the client left and the provider goes on to bill: what was used is taken to be what was reserved. */
  readonly assumed?: boolean;
  /** True where the provider's answer reported its usage to the end. */
  readonly usageComplete: boolean;
  readonly cost?: Cost;
  /** What each counter that was reserved is billed. */
  readonly postings?: readonly Posting[];
  /** How many events of the stream were no good and were left out. */
  readonly malformed?: number;
  readonly stop?: Stop;
  /** The provider's own id of the answer. */
  readonly upstreamId?: string;
  /** The provider keeps the answer under `upstreamId`: who made it may ask for it again, also after a restart. */
  readonly kept?: true;
  /**
   * Of something kept that was asked for by its id, and is complete: what it used when it was made. It is not what this
   * attempt used, so no meter counts it twice; `upstreamId` says what it is of.
   */
  readonly recalled?: Usage;
  /** The model that the provider says answered. */
  readonly upstreamModel?: string;
  /** Milliseconds from sending to the last byte. */
  readonly duration: number;
  /** Milliseconds to the first content; undefined where there was none or the reply was no stream. */
  readonly timeToFirstToken?: number;
}
