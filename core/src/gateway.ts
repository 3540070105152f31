/** The gateway as a library: boots a configuration, serves it, swaps it for another, and ends. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { InjectOptions, Response as InjectResponse } from 'light-my-request';
import { MemoryBindings } from './bindings.ts';
import { systemClock, type Clock } from './clock.ts';
import { loadConfig, type LoadOptions } from './config/load.ts';
import type { NormalConfig } from './config/normal.ts';
import { formatProblems } from './config/problems.ts';
import type { GatewayConfig } from './config/schema.ts';
import { GatewayError } from './errors.ts';
import { clearLeftovers } from './form/nameless-file.ts';
import { createEdge } from './http/edge.ts';
import { bootKernel } from './kernel/boot.ts';
import type { Kernel, KernelHost } from './kernel/kernel.ts';
import type { Random } from './kernel/models.ts';
import { SharedThings } from './kernel/shared.ts';
import { stderrLogger, type Logger } from './logger.ts';
import type { LiveExchange } from './pipeline/live-exchange.ts';
import type { Trace } from './trace.ts';

/** What a gateway may be given from outside; tests hold the clock and the dice. */
export interface GatewayOptions {
  /** Where relative plugin paths and package names are resolved from. Default: the working directory. */
  readonly cwd?: string;
  /** Default: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly random?: Random;
  /** Only to look at: plugins are set up (`sealed`) or also told that all is ready, and log nowhere but to `logger`. */
  readonly dry?: 'sealed' | 'ready';
}

/** How long the last bytes of finished replies may take to leave, in milliseconds. */
const LAST_BYTES = 2_000;

/** Node's default for the time in which a whole request must arrive, in milliseconds. */
const REQUEST_TIMEOUT = 300_000;

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

interface Running {
  readonly kernel: Kernel;
  readonly listener: Listener;
}

/** The configuration as a path of a file, or as an object. */
export type ConfigInput = string | GatewayConfig;

/** Boots a gateway. Rejects with a GatewayError that lists everything that is wrong with the configuration. */
export async function createGateway(config: ConfigInput, options: GatewayOptions = {}): Promise<Gateway> {
  const host: KernelHost = {
    clock: options.clock ?? systemClock,
    logger: options.logger ?? stderrLogger,
    random: options.random ?? Math.random,
    shared: new SharedThings(),
    bindings: new MemoryBindings(),
    traffic: { exchanges: 0 },
    ...(options.dry !== undefined && { dry: options.dry }),
  };
  const gateway = new Gateway(host, options);
  await gateway.reload(config);
  return gateway;
}

export class Gateway {
  readonly #host: KernelHost;
  readonly #options: GatewayOptions;
  readonly #live = new Set<LiveExchange>();
  readonly #servers: Server[] = [];
  readonly #reloads = new Set<Promise<void>>();
  #running: Running | undefined;
  #draining = false;
  /** How many exchanges were broken off at a deadline. */
  #broken = 0;
  #closed: Promise<number> | undefined;

  /** Use {@link createGateway}. */
  constructor(host: KernelHost, options: GatewayOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** The kernel that serves new requests. */
  get kernel(): Kernel {
    if (this.#running === undefined) throw new GatewayError('GW_INTERNAL', 'The gateway has not booted.');
    return this.#running.kernel;
  }

  /** How many clients' requests are under way, on this kernel and on those before it. */
  get active(): number {
    return this.#live.size;
  }

  /**
   * Builds a kernel of the configuration and swaps it in; the one before finishes its exchanges and is disposed.
   * Rejects where the new one is no good; the one before then goes on. `onSwap` hears when the new one has taken over.
   */
  reload(config: ConfigInput, onSwap?: () => void): Promise<void> {
    const reload = this.#reload(config, onSwap).finally(() => this.#reloads.delete(reload));
    this.#reloads.add(reload);
    return reload;
  }

  async #reload(config: ConfigInput, onSwap: (() => void) | undefined): Promise<void> {
    const kernel = await bootKernel(await this.#load(config), this.#host);
    if (this.#draining) {
      await kernel.dispose();
      throw new GatewayError('GW_SHUTTING_DOWN', 'The gateway is stopping.');
    }
    const before = this.#running;
    this.#running = { kernel, listener: this.#edge(kernel) };
    onSwap?.();
    if (before !== undefined) await this.#retire(before.kernel);
  }

  /** Listens where the configuration says, or at `port` and `host`. Resolves with the address that it is. */
  async listen(at: { readonly port?: number; readonly host?: string } = {}): Promise<AddressInfo> {
    const { listen, limits } = this.kernel.config;
    await clearLeftovers(this.#host.clock.now());
    // Node's own limit is for the whole request; it must not come before the one that the configuration sets for forms.
    const requestTimeout = Math.max(REQUEST_TIMEOUT, limits.uploadTimeout + LAST_BYTES);
    const server = createServer({ maxHeaderSize: limits.headers, requestTimeout }, this.callback());
    server.on('clientError', answerBrokenRequest);
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(at.port ?? listen.port, at.host ?? listen.host, resolve);
    });
    return server.address() as AddressInfo;
  }

  /** A request listener for node:http, Express or Koa (`(context) => callback(context.req, context.res)`). */
  callback(): (request: IncomingMessage, response: ServerResponse) => void {
    return (request, response) => {
      void this.#running?.listener(request, response);
    };
  }

  /** Sends a request through the whole gateway without a socket. */
  inject(request: InjectOptions): Promise<InjectResponse> {
    return send(this.callback(), request);
  }

  /**
   * Like {@link inject}, but stops before the target is called; `trace` tells what every tap did. The answer is empty
   * where a target would have been called.
   */
  explain(request: InjectOptions, trace: Trace): Promise<InjectResponse> {
    const listener = this.#edge(this.kernel, trace);
    const dispatch = (incoming: IncomingMessage, response: ServerResponse): void => {
      void Promise.resolve(listener(incoming, response)).then(() => response.writableEnded || response.end());
    };
    return send(dispatch, request);
  }

  /** Takes no new requests, lets streams finish within the deadline, flushes and disposes. Resolves with how many exchanges were broken off. */
  close(): Promise<number> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<number> {
    this.#draining = true;
    const closing = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const server of this.#servers) server.closeIdleConnections();
    const before = this.#broken;
    if (this.#running !== undefined) await this.#retire(this.#running.kernel);
    // Exchanges on a kernel that was swapped out are as much under way; one that is just being booted has to go again.
    await Promise.allSettled(this.#reloads);
    await this.#lastBytes(Promise.all(closing));
    return this.#broken - before;
  }

  /** Replies that have ended may still wait in socket buffers: they get a moment to leave. */
  async #lastBytes(closing: Promise<unknown>): Promise<void> {
    const cancel = this.#host.clock.after(LAST_BYTES, () => {
      for (const server of this.#servers) server.closeAllConnections();
    });
    await closing;
    cancel();
  }

  async #retire(kernel: Kernel): Promise<void> {
    this.#broken += await kernel.drain(kernel.config.timeouts.drain, () => {
      const reason = new GatewayError('GW_SHUTTING_DOWN', 'The gateway stopped before the answer was complete.');
      for (const exchange of this.#live) if (exchange.kernel === kernel) exchange.abort.abort(reason);
    });
    await kernel.dispose();
  }

  #edge(kernel: Kernel, trace?: Trace): Listener {
    const options = { live: this.#live, draining: () => this.#draining };
    return createEdge(kernel, trace === undefined ? options : { ...options, trace });
  }

  async #load(config: ConfigInput): Promise<NormalConfig> {
    const { cwd, env } = this.#options;
    const load: LoadOptions = {
      ...(typeof config === 'string' ? { file: config } : { value: config }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    };
    const result = await loadConfig(load);
    if (!('problems' in result)) return result.config;
    const { problems } = result;
    throw new GatewayError('GW_CONFIG', formatProblems(problems), { problems });
  }
}

/** Loaded when it is first used: a gateway that only listens does without. */
async function send(
  dispatch: (request: IncomingMessage, response: ServerResponse) => void,
  request: InjectOptions,
): Promise<InjectResponse> {
  const { default: lightMyRequest } = await import('light-my-request');
  return lightMyRequest(dispatch, request);
}

/** What is not even HTTP is answered on the bare socket, in the form that most clients can read. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'GW_HEADERS_TOO_LARGE', 'The request headers are too large. Raise `limits.headers` in the configuration.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'GW_BODY_TIMEOUT', 'The request did not arrive in time.']
        : [400, 'GW_BAD_REQUEST', 'The request is not valid HTTP.'];
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
