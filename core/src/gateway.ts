/** The gateway as a library: boots a configuration, serves it, swaps it for another, and ends. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InjectOptions, Response as InjectResponse } from 'light-my-request';
import { MemoryBindings } from './bindings.ts';
import { systemClock, type Clock } from './clock.ts';
import { loadConfig, normalOf, type LoadOptions } from './config/load.ts';
import type { NormalConfig } from './config/normal.ts';
import type { GatewayConfig } from './config/schema.ts';
import { GatewayError } from './errors.ts';
import { clearLeftovers } from './form/nameless-file.ts';
import { createEdge } from './http/edge.ts';
import { CAN_SHARE_PORTS, LAST_BYTES, Listeners, type ListenAt, type Move } from './http/listeners.ts';
import { bootKernel } from './kernel/boot.ts';
import type { Kernel, KernelHost } from './kernel/kernel.ts';
import type { Random } from './kernel/draw.ts';
import { SharedThings } from './kernel/shared.ts';
import { stderrLogger, type Logger } from './logger.ts';
import { Traffic } from './load/traffic.ts';
import { UnderWay } from './pipeline/under-way.ts';
import type { Reloading } from './reload.ts';
import { Reloader } from './reloader.ts';
import type { Trace } from './trace.ts';
import type { WorkerLink } from './workers/link.ts';
import { PeerAnswerers } from './workers/peers.ts';

/** What a gateway may be given from outside; tests hold the clock and the dice. */
export interface GatewayOptions {
  /** Where relative plugin paths and package names are resolved from. Default: the working directory. */
  readonly cwd?: string;
  /** Default: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly random?: Random;
  /** The configuration that is booted first, where it was loaded already. */
  readonly loaded?: NormalConfig;
  /** Reads the configuration again where a plugin asks for it. Default: the gateway itself, from its file. */
  readonly reloading?: Reloading;
  /** In a worker, the way to the primary process. */
  readonly link?: WorkerLink;
  readonly peers?: PeerAnswerers;
  /** Only to look at: plugins are set up (`sealed`) or also told that all is ready, and log nowhere but to `logger`. */
  readonly dry?: 'sealed' | 'ready';
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

interface Running {
  readonly kernel: Kernel;
  readonly listener: Listener;
}

/** The text of a configuration file, as it was when it was read. */
export interface ConfigText {
  /** Where plugins are looked for from, and what problems name. */
  readonly file: string;
  readonly text: string;
}

/** The configuration as a path of a file, as its text, or as an object. */
export type ConfigInput = string | GatewayConfig | ConfigText;

/** Boots a gateway. Rejects with a GatewayError that lists everything that is wrong with the configuration. */
export async function createGateway(config: ConfigInput, options: GatewayOptions = {}): Promise<Gateway> {
  const gateway = new Gateway(config, options);
  await gateway.reload(options.loaded ?? config);
  return gateway;
}

/** What kernels are lent. */
export function hostOf(options: GatewayOptions, reloading: Reloading): KernelHost {
  const { clock = systemClock, logger = stderrLogger, random = Math.random, dry, link } = options;
  return {
    clock,
    logger,
    random,
    shared: new SharedThings(),
    bindings: link?.bindings ?? new MemoryBindings(),
    peers: options.peers ?? new PeerAnswerers(link),
    traffic: new Traffic(clock),
    reloading,
    ...(link !== undefined && { link }),
    ...(dry !== undefined && { dry }),
  };
}

export class Gateway {
  readonly #host: KernelHost;
  readonly #options: GatewayOptions;
  readonly #live = new UnderWay();
  readonly #listeners: Listeners;
  readonly #reloads = new Set<Promise<void>>();
  #running: Running | undefined;
  #draining = false;
  /** How many exchanges were broken off at a deadline. */
  #broken = 0;
  #closed: Promise<number> | undefined;

  /** Use {@link createGateway}. */
  constructor(config: ConfigInput, options: GatewayOptions) {
    this.#options = options;
    this.#listeners = new Listeners(this.callback(), options.link !== undefined && CAN_SHARE_PORTS);
    const { clock = systemClock, reloading = new Reloader({ gateway: this, config, clock }) } = options;
    this.#host = hostOf(options, reloading);
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
  reload(config: ConfigInput | NormalConfig, onSwap?: () => void): Promise<void> {
    const reload = this.#reload(config, onSwap).finally(() => this.#reloads.delete(reload));
    this.#reloads.add(reload);
    return reload;
  }

  async #reload(config: ConfigInput | NormalConfig, onSwap: (() => void) | undefined): Promise<void> {
    const kernel = await bootKernel(await this.#load(config), this.#host);
    const move = await this.#move(kernel);
    const before = this.#running;
    this.#running = { kernel, listener: this.#edge(kernel) };
    move.commit();
    kernel.serve();
    onSwap?.();
    if (before !== undefined) await this.#retire(before.kernel);
  }

  /** The last that can go wrong with a new kernel. */
  async #move(kernel: Kernel): Promise<Move> {
    try {
      const move = await this.#listeners.move(kernel.config);
      if (!this.#draining) return move;
      move.undo();
      throw new GatewayError('GW_SHUTTING_DOWN', 'The gateway is stopping.');
    } catch (error) {
      await kernel.dispose();
      throw error;
    }
  }

  /** Boots a configuration only to look at it beside the one that serves. Rejects where it does not boot. */
  async compare<T>(config: ConfigInput, look: (before: Kernel, after: Kernel) => T | Promise<T>): Promise<T> {
    const after = await bootKernel(await this.#load(config), { ...this.#host, dry: 'sealed' });
    try {
      return await look(this.kernel, after);
    } finally {
      await after.dispose();
    }
  }

  /**
   * Listens where the configuration says, or at `port` and `host`, and goes where a reload moves what is not said here.
   * Resolves with the address that it is.
   */
  async listen(at: ListenAt = {}): Promise<AddressInfo> {
    await clearLeftovers(this.#host.clock.now());
    return this.#listeners.listen(at, this.kernel.config);
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
    this.#listeners.leave();
    const before = this.#broken;
    if (this.#running !== undefined) await this.#retire(this.#running.kernel);
    // Exchanges on a kernel that was swapped out are as much under way; one that is just being booted has to go again.
    await Promise.allSettled(this.#reloads);
    await this.#lastBytes();
    return this.#broken - before;
  }

  /** Replies that have ended may still wait in socket buffers: they get a moment to leave. */
  async #lastBytes(): Promise<void> {
    const cancel = this.#host.clock.after(LAST_BYTES, () => this.#listeners.destroy());
    await this.#listeners.left();
    cancel();
  }

  async #retire(kernel: Kernel): Promise<void> {
    this.#broken += await kernel.drain(kernel.config.timeouts.drain, () => {
      const reason = new GatewayError('GW_SHUTTING_DOWN', 'The gateway stopped before the answer was complete.');
      for (const exchange of this.#live.list()) if (exchange.kernel === kernel) exchange.abort.abort(reason);
    });
    await kernel.dispose();
  }

  #edge(kernel: Kernel, trace?: Trace): Listener {
    const options = { live: this.#live, draining: () => this.#draining };
    return createEdge(kernel, trace === undefined ? options : { ...options, trace });
  }

  async #load(config: ConfigInput | NormalConfig): Promise<NormalConfig> {
    if (isNormal(config)) return config;
    const { cwd, env } = this.#options;
    const load: LoadOptions = {
      ...(typeof config === 'string' ? { file: config } : isText(config) ? config : { value: config }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    };
    return normalOf(await loadConfig(load));
  }
}

const isText = (config: object): config is ConfigText => 'text' in config;
const isNormal = (config: ConfigInput | NormalConfig): config is NormalConfig =>
  typeof config === 'object' && 'skipped' in config;

/** Loaded when it is first used: a gateway that only listens does without. */
async function send(
  dispatch: (request: IncomingMessage, response: ServerResponse) => void,
  request: InjectOptions,
): Promise<InjectResponse> {
  const { default: lightMyRequest } = await import('light-my-request');
  return lightMyRequest(dispatch, request);
}
