/** An exchange under way: what hooks see, and what only the pipeline may change. */
import { Abort } from '../abort.ts';
import type { Dialect, JsonObject, RequestSize, Surface } from '../dialect.ts';
import { GatewayError } from '../errors.ts';
import type { Exchange, RequestHeaders, SpawnOptions, Timings, Warning } from '../exchange.ts';
import type { Upload } from '../form/upload.ts';
import type { OperationHooks } from '../hooks/registry.ts';
import { ANONYMOUS, type Identity } from '../identity.ts';
import type { Outline } from '../json/outline.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Operation, RequestOf, ResponseOf } from '../operations.ts';
import type { Route } from '../route.ts';
import type { Trace } from '../trace.ts';
import type { LiveAttempt } from './attempts/live-attempt.ts';
import type { PatientOutlet } from './streams/patient-outlet.ts';
import type { Rescue } from './streams/rescue.ts';

/** Runs a child exchange; given from outside, since running an exchange is not the exchange's own business. */
export type Spawner = (parent: LiveExchange, request: unknown, options: SpawnOptions) => Promise<unknown>;

/** What is known of an exchange before anything has run. */
export interface ExchangeHead {
  readonly id: string;
  readonly operation: Operation;
  readonly surface: Surface | undefined;
  readonly dialect: Dialect | undefined;
  readonly headers: RequestHeaders;
  readonly method: string;
  readonly path: string;
  readonly remoteAddress: string | undefined;
  readonly credential: string | undefined;
  readonly spawner: Spawner;
  readonly parent?: LiveExchange;
  readonly cause?: string;
  readonly trace?: Trace | undefined;
}

export class LiveExchange implements Exchange {
  readonly kernel: Kernel;
  readonly hooks: OperationHooks;
  readonly id: string;
  readonly operation: Operation;
  readonly surface: Surface | undefined;
  readonly dialect: Dialect | undefined;
  readonly headers: RequestHeaders;
  readonly method: string;
  readonly path: string;
  readonly remoteAddress: string | undefined;
  readonly credential: string | undefined;
  readonly parent: LiveExchange | undefined;
  readonly cause: string | undefined;
  readonly depth: number;
  readonly trace: Trace | undefined;
  readonly slots: unknown[] = [];
  readonly abort = new Abort();
  readonly timings: Timings;
  /** Unix milliseconds. */
  readonly time: number;
  identity: Identity = ANONYMOUS;
  model = '';
  stream = false;
  body: Outline | undefined = undefined;
  /** The form that the request came as; `body` then holds its fields. */
  upload: Upload | undefined = undefined;
  route: Route | undefined = undefined;
  attempts: LiveAttempt[] = [];
  warnings: Warning[] = [];
  error: GatewayError | undefined = undefined;
  /** Keeps the client of a stream waiting, where that is configured. */
  patient: PatientOutlet | undefined = undefined;
  /** Set while a client waits for somebody to go on with an answer that broke off. */
  rescue: Rescue | undefined = undefined;
  /** The HTTP status that the client got. */
  status = 0;
  /** The plugin whose `call.answer` tap answered. */
  answeredBy: string | undefined = undefined;
  /** A transform has changed the request: the client's own bytes no longer say what is to be sent. */
  requestChanged = false;
  /** What the client left with, where its answer was read on without it. */
  drained: Error | undefined = undefined;
  /** How many attempts were begun, those that could not reserve included. */
  tries = 0;
  /** The headers that plugins add to the reply, name and value in turn; undefined where there are none. */
  addedHeaders: string[] | undefined = undefined;
  /** Where it stands among those under way. */
  place = 0;
  /** The answer to an exchange without a dialect. */
  result: unknown = undefined;
  readonly #spawner: Spawner;
  #request: unknown = undefined;
  /** The body whose size is known, and that size. */
  #sized: Outline | undefined = undefined;
  #size: RequestSize & { readonly bytes: number } = { bytes: 0 };

  constructor(kernel: Kernel, head: ExchangeHead) {
    this.kernel = kernel;
    this.hooks = kernel.hooks.of(head.operation);
    this.id = head.id;
    this.operation = head.operation;
    this.surface = head.surface;
    this.dialect = head.dialect;
    this.headers = head.headers;
    this.method = head.method;
    this.path = head.path;
    this.remoteAddress = head.remoteAddress;
    this.credential = head.credential;
    this.parent = head.parent;
    this.cause = head.cause;
    this.depth = head.parent === undefined ? 0 : head.parent.depth + 1;
    this.trace = head.trace;
    this.#spawner = head.spawner;
    this.time = kernel.clock.now();
    const start = kernel.clock.monotonic();
    this.timings = { start, sent: 0, head: 0, content: 0, received: 0, end: 0, upstream: 0 };
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  onAbort(listener: (reason: Error) => void): () => void {
    return this.abort.onAbort(listener);
  }

  request<O extends Operation = 'chat'>(): RequestOf<O> {
    if (this.#request === undefined) {
      if (this.dialect === undefined || this.body === undefined) {
        throw new GatewayError('GW_INTERNAL', 'The request was asked for before it was read.');
      }
      const { codec } = this.dialect;
      const { headers, model, stream } = this;
      const decode = (json: JsonObject): unknown => codec.decodeRequest(json, { headers, model, stream });
      this.#request = this.body.longData?.decoded(decode) ?? decode(this.body.json());
    }
    return this.#request as RequestOf<O>;
  }

  size(): RequestSize & { readonly bytes: number } {
    const { body, dialect } = this;
    if (body !== undefined && dialect?.codec.readSize !== undefined && !this.requestChanged) {
      // Several meters ask.
      if (this.#sized !== body) {
        this.#size = { ...dialect.codec.readSize(body), bytes: body.bytes.length };
        this.#sized = body;
      }
      return this.#size;
    }
    const request = this.request() as RequestSize;
    const size: { -readonly [K in keyof RequestSize]: RequestSize[K] } = {};
    if (request.maxOutput !== undefined) size.maxOutput = request.maxOutput;
    if (request.candidates !== undefined) size.candidates = request.candidates;
    return { ...size, bytes: body?.bytes.length ?? Buffer.byteLength(JSON.stringify(request)) };
  }

  /** Puts a neutral request in place of what the client sent. */
  replaceRequest(request: unknown): void {
    this.#request = request;
    const { model, stream } = request as { model?: string; stream?: boolean };
    if (typeof model === 'string') this.model = model;
    this.stream = stream === true;
  }

  spawn<O extends Operation = 'chat'>(request: RequestOf<O>, options: SpawnOptions): Promise<ResponseOf<O>> {
    return this.#spawner(this, request, options) as Promise<ResponseOf<O>>;
  }

  identify(identity: Identity): void {
    if (identity.key !== this.identity.key) {
      throw new GatewayError('GW_PLUGIN_CONTRACT', 'A plugin put another key in place of the one that was let in.');
    }
    this.identity = identity;
  }

  setReplyHeader(name: string, value: string): void {
    this.addedHeaders ??= [];
    this.addedHeaders.push(name, value);
  }

  /** Throws what the exchange was aborted with. */
  throwIfAborted(): void {
    const { reason } = this.abort;
    if (reason !== undefined) throw reason;
  }
}
