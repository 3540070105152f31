/** Keeps the thread of one isolated plugin: starts it, watches it, ends it where it does not answer, and starts it again. */
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { BusyPoll } from '../busy-poll.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { Channel } from '../workers/channel.ts';
import type { IsolationLimits } from './limits.ts';
import type { GuestNotices, GuestStart, HostNotices, SetupNote } from './protocol.ts';

/** How often a thread that owes an answer is asked whether it lives, in parts of the time that it may be silent. */
const LOOKS = 4;

/** Milliseconds that the gateway's thread stays awake for an answer: quick hooks come back within it. */
const AWAKE = 0.2;

export interface HostOptions {
  readonly start: GuestStart;
  readonly limits: IsolationLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The plugin's name for messages: `Plugin "x" (gatewright.yaml:3:5)`. */
  readonly who: string;
  /** Takes in what flows back of replies; undefined where the thread is gone. */
  readonly flow: <N extends 'data' | 'end' | 'error'>(name: N, value: GuestNotices[N]) => void;
  /** The thread is gone, and all that it had begun. */
  readonly gone: (error: GatewayError) => void;
}

export class ThreadHost {
  readonly #options: HostOptions;
  #worker: Worker | undefined;
  #channel: Channel | undefined;
  #port: MessagePort | undefined;
  #up: Promise<Channel> | undefined;
  #setup: string | undefined;
  #crashes: number[] = [];
  #quarantine: GatewayError | undefined;
  #closed = false;
  /** Calls that are not answered. */
  #owed = 0;
  #heard = 0;
  /** Before that, a thread is busy with loading, and setup has a time of its own. */
  #loaded = false;
  /** It goes on behind the last answer: a timer for each call would cost more than one look too many. */
  #stopLooking: (() => void) | undefined;
  /** Where nothing else is to be done, the answer need not wake the thread. */
  readonly #awake: BusyPoll;
  /** Why it was ended from outside. */
  #reason: string | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#awake = new BusyPoll(options.clock, AWAKE, () => this.#owed > 0);
  }

  /** Why it is left alone; undefined while it is not. */
  get quarantine(): GatewayError | undefined {
    return this.#quarantine;
  }

  /** Starts the thread and sets the plugin up. Rejects with what setup threw. */
  async start(): Promise<SetupNote> {
    const channel = this.#spawn();
    const note = await this.#ask<SetupNote>(channel, 'setup', []);
    this.#setup = JSON.stringify(note.taps);
    this.#up = Promise.resolve(channel);
    return note;
  }

  /** Rejects with what the plugin threw, or with `GW_PLUGIN_FAILED` where its thread is gone. */
  async call<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#quarantine !== undefined) throw this.#quarantine;
    if (this.#up === undefined) throw this.#fault('has not been set up');
    const channel = await this.#up;
    this.#awake.touch();
    return this.#ask<T>(channel, name, args);
  }

  tell<N extends keyof HostNotices>(name: N, value: HostNotices[N]): void {
    this.#channel?.tell(name, value);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopLooking?.();
    this.#channel?.close(`${this.#options.who} is closed.`);
    await this.#worker?.terminate();
  }

  async #ask<T>(channel: Channel, name: string, args: readonly unknown[]): Promise<T> {
    if (this.#owed++ === 0) {
      // Only who waits for an answer keeps the process alive for it.
      this.#port?.ref();
      if (this.#loaded) this.#look();
    }
    try {
      return await channel.call<T>(name, ...args);
    } finally {
      if (--this.#owed === 0) this.#port?.unref();
    }
  }

  #spawn(): Channel {
    const { start, limits } = this.#options;
    const { port1, port2 } = new MessageChannel();
    const isSource = import.meta.url.endsWith('.ts');
    // A plugin may be TypeScript, whose types Node strips with WebAssembly. V8 13, of Node 24, frees such code of threads that have
    // ended while others come, and may free it twice: the process dies, seldom (https://github.com/nodejs/node/issues/64500).
    setFlagsFromString('--no-wasm-code-gc');
    const worker = new Worker(new URL(isSource ? './guest.ts' : './guest.js', import.meta.url), {
      workerData: { port: port2, start },
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: Math.max(16, Math.round(limits.memory / 1024 ** 2)) },
      ...(isSource && { execArgv: ['--no-warnings', '--conditions=gatewright-source'] }),
    });
    const channel = this.#connect(port1);
    // The gateway, and not the plugin, says when the process ends.
    worker.unref();
    if (this.#owed === 0) port1.unref();
    this.#port = port1;
    let reason = 'ended by itself';
    worker.on('error', (error) => (reason = reasonOf(error)));
    worker.on('exit', () => this.#exited(channel, port1, reason));
    this.#loaded = false;
    this.#worker = worker;
    this.#channel = channel;
    return channel;
  }

  #connect(port: MessagePort): Channel {
    const channel = new Channel({
      send: (parcel) => port.postMessage(parcel),
      answer: () => undefined,
      notice: (name, value) => this.#notice(name as keyof GuestNotices, value as never),
    });
    port.on('message', (message) => {
      this.#heard = this.#options.clock.monotonic();
      channel.receive(message);
    });
    return channel;
  }

  #notice<N extends keyof GuestNotices>(name: N, value: GuestNotices[N]): void {
    if (name === 'pong') return;
    if (name === 'loaded') {
      this.#loaded = true;
      if (this.#owed > 0) this.#look();
      return;
    }
    if (name === 'log') {
      const { level, message, fields } = value as GuestNotices['log'];
      this.#options.logger[level](message, fields as Record<string, unknown> | undefined);
    } else this.#options.flow(name as 'data', value as never);
  }

  /** While an answer is owed, the thread must say now and then that it lives: who is busy without an end does not. */
  #look(): void {
    const { clock, limits } = this.#options;
    this.#heard = clock.monotonic();
    if (this.#stopLooking !== undefined) return;
    const look = (): void => {
      this.#stopLooking = undefined;
      if (this.#owed === 0) return;
      const silent = clock.monotonic() - this.#heard;
      if (silent >= limits.unresponsive) {
        this.#kill(`its thread was busy for ${limits.unresponsive} ms without answering`);
        return;
      }
      this.tell('ping', 0);
      this.#stopLooking = clock.after(limits.unresponsive / LOOKS, look);
    };
    this.#stopLooking = clock.after(limits.unresponsive / LOOKS, look);
  }

  #kill(reason: string): void {
    const worker = this.#worker;
    worker?.removeAllListeners('error');
    worker?.on('error', () => undefined);
    this.#reason = reason;
    void worker?.terminate();
  }

  #exited(channel: Channel, port: MessagePort, said: string): void {
    port.close();
    const reason = this.#reason ?? said;
    this.#reason = undefined;
    this.#stopLooking?.();
    this.#stopLooking = undefined;
    if (this.#closed) return;
    const error = this.#fault(`was stopped: ${reason}`);
    channel.close(error);
    this.#options.gone(error);
    // A thread that dies in its first setup is not started again: the boot fails.
    if (this.#setup === undefined) return;
    this.#restart(error);
  }

  #restart(error: GatewayError): void {
    const { clock, limits, logger } = this.#options;
    const now = clock.monotonic();
    this.#crashes = [...this.#crashes.filter((at) => now - at < limits.within), now];
    if (this.#crashes.length > limits.restarts) {
      this.#quarantine = this.#fault(
        `is left alone: it was stopped ${this.#crashes.length} times within ${limits.within} ms`,
        'Mend or remove it, and reload the configuration.',
      );
      logger.error(this.#quarantine.message, { reason: error.message });
      return;
    }
    logger.error(`${error.message} It is started again.`);
    this.#up = this.#again();
    // Whoever calls hears of it; nobody may call.
    ignore(this.#up);
  }

  async #again(): Promise<Channel> {
    const channel = this.#spawn();
    const note = await this.#ask<SetupNote>(channel, 'setup', []);
    if (JSON.stringify(note.taps) !== this.#setup) {
      this.#quarantine = this.#fault('is left alone: started again, it tapped other hooks than before');
      throw this.#quarantine;
    }
    await this.#ask(channel, 'ready', []);
    return channel;
  }

  #fault(what: string, help?: string): GatewayError {
    const { who, start } = this.#options;
    return new GatewayError('GW_PLUGIN_FAILED', `${who} ${what}.`, { plugin: start.id, ...(help && { help }) });
  }
}

function ignore(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'it used more memory than it may';
  return `an error that nobody caught: ${message ?? String(error)}`;
}
