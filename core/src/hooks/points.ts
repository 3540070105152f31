/** The hook points, as a plugin sees them in its setup. */
import type { Attempt, AttemptOutcome } from '../attempt.ts';
import type { EncodeContext, JsonObject } from '../dialect.ts';
import type { Exchange } from '../exchange.ts';
import type { Identity } from '../identity.ts';
import type { EventOf, Operation, RequestOf, ResponseOf } from '../operations.ts';
import type { ExchangeRecord } from '../record.ts';
import type { Reply } from '../reply.ts';
import type { Route, Target } from '../route.ts';
import type { Claim } from '../state.ts';

export type Awaitable<T> = T | Promise<T>;

/** Bands that the taps of a hook are sorted into; inside a band the order of the config file holds. */
export type Stage = 'early' | 'normal' | 'late';

export interface TapOptions {
  /** The band that the tap runs in: `early`, `normal` or `late`. Default `normal`. */
  readonly stage?: Stage;
  /** Plugin ids in the same band whose taps must come after this one. An unknown id is a boot error. */
  readonly before?: string | readonly string[];
  /** Plugin ids in the same band whose taps must come before this one. */
  readonly after?: string | readonly string[];
  /** How long the tap may take, in milliseconds, before it counts as failed. Default 30,000. */
  readonly timeout?: number;
}

export interface OperationTapOptions extends TapOptions {
  /** The operations that the tap is run for. Default all. */
  readonly operations?: readonly Operation[];
}

/** The state of one stream's transformation. Both methods are synchronous: they run once per event of a live stream. */
export interface EventTransform<E> {
  /** The events that stand for this one: none to swallow it, the same object to leave it. */
  event(event: E): readonly E[];
  /**
   * The stream has ended well: what was held back. It is sent before the end of the last part and before the stop reason;
   * what belongs to an earlier part must be let out at that part's own `part-end`.
   */
  end(): readonly E[];
}

/** What a meter asks for before an attempt. */
export interface MeterClaims {
  /** What is to be reserved, from which budgets and limits. */
  readonly claims: readonly Claim[];
  /** The most output tokens that may be produced; the core lowers the request's own limit to it. */
  readonly maxOutput?: number;
  /** Output tokens of all candidates that the claims reckon with, where that is a guess: they may grow while a stream flows. */
  readonly expected?: number;
}

/** How a provider serves one operation. */
export interface ProviderOperation {
  /** The dialect that the provider speaks. */
  readonly dialect: string;
  /** Whether the provider understands the dialect's way of asking for usage in a stream. Default true. */
  readonly streamUsage?: boolean;
  /**
   * Changes the encoded body before it is sent, for providers that differ from their dialect. Must not change its argument.
   * What the provider cannot express is told to the context, as encoders do.
   */
  readonly adjust?: (body: JsonObject, target: Target, context: EncodeContext) => JsonObject;
  /**
   * How a model, by the provider's own name, answers a request whose last message is the beginning of its answer: it
   * `continues` it, or `echoes` it first. Undefined where it does not. Default: none does. Must not throw.
   */
  readonly prefill?: (model: string) => 'continues' | 'echoes' | undefined;
  /** Whether a model, by the provider's own name, is served in this dialect. Default: every model is. Must not throw. */
  readonly serves?: (model: string) => boolean;
}

export interface ProviderOptions {
  /** The id by which targets name the provider. Default: the plugin's instance id. */
  readonly provider?: string;
  /**
   * Where a provider speaks several dialects of an operation, they are a list: a request goes out in the client's own where
   * that is among those that serve the target, else in the first of them.
   */
  readonly operations: { readonly [O in Operation]?: ProviderOperation | readonly ProviderOperation[] };
}

export interface SeriesPoint<F> {
  tap(fn: F, options?: OperationTapOptions): void;
}

/** The hook points. `tap` may be called only during setup. */
export interface HookPoints {
  /** Who is calling? The first tap that answers with an identity decides; throw a GatewayError to refuse. */
  readonly auth: SeriesPoint<(exchange: Exchange) => Awaitable<Identity | undefined>>;
  /** Narrows and reorders the targets. Their order is drawn when they are first looked at: `firstOf(route)` tells the first alone. */
  readonly route: SeriesPoint<(route: Route, exchange: Exchange) => Awaitable<Route>>;
  readonly transform: {
    /** Changes the neutral request. It is frozen: answer with a new one, or with the same to leave it. */
    readonly request: {
      tap<O extends Operation>(
        operation: O,
        fn: (request: RequestOf<O>, exchange: Exchange) => Awaitable<RequestOf<O>>,
        options?: TapOptions,
      ): void;
    };
    /** Changes the events of a stream; the factory runs once per stream. Taps run in reverse config order. */
    readonly event: {
      tap<O extends Operation>(
        operation: O,
        factory: (exchange: Exchange) => EventTransform<EventOf<O>>,
        options?: TapOptions,
      ): void;
    };
    /** Changes a whole answer. Taps run in reverse config order. */
    readonly response: {
      tap<O extends Operation>(
        operation: O,
        fn: (response: ResponseOf<O>, exchange: Exchange) => Awaitable<ResponseOf<O>>,
        options?: TapOptions,
      ): void;
    };
  };
  readonly call: {
    /** Serves the targets of one provider. Throw a GatewayError; its `retryable` decides what happens next. */
    tap(call: (attempt: Attempt, exchange: Exchange) => Promise<Reply>, options: ProviderOptions): void;
    /** Answers without any target: caches, canned answers. The first answer is taken. */
    readonly answer: {
      tap<O extends Operation>(
        operation: O,
        fn: (request: RequestOf<O>, exchange: Exchange) => Awaitable<Reply<O> | undefined>,
        options?: TapOptions,
      ): void;
    };
  };
  readonly meter: {
    /**
     * What this attempt may cost. Synchronous; the core reserves the claims of all taps together. Asked once more where
     * the attempt then had to wait for a place at its target: the second answer counts.
     */
    readonly reserve: SeriesPoint<(attempt: Attempt, exchange: Exchange) => MeterClaims | undefined>;
    /** What an attempt did cost. Runs for every attempt, however it ended; may run more than once for the same id. */
    readonly settle: SeriesPoint<(outcome: AttemptOutcome, attempt: Attempt, exchange: Exchange) => Awaitable<void>>;
  };
  /** A finished exchange. Synchronous: enqueue only. */
  readonly log: SeriesPoint<(record: ExchangeRecord) => void>;
}
