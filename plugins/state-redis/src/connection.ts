/** The connection to Redis, and the breaker in front of it: it fails at once while the server does not answer. */
import { GatewayError, type Clock, type Logger } from '@gatewright/core';
import type { Cluster, Redis } from 'ioredis';
import { withinTime } from '@gatewright/state-memory';
import { openClient, type ClientSettings } from './client.ts';
import type { Script } from './script.ts';
import { told } from './told.ts';

export interface ConnectionSettings extends ClientSettings {
  readonly clock: Clock;
  readonly log: Logger;
}

/** So many commands in a row without an answer, and the connection is given up. */
const SILENT = 3;
/** Milliseconds between two tries to reach a server that does not answer. */
const PROBE = 250;

export class Connection {
  /** Called when the server answers again; it must look whether the data is still there. A failure is another outage. */
  onUp: () => Promise<void> = () => Promise.resolve();
  /** Called when it no longer answers. */
  onDown: () => void = () => undefined;
  readonly client: Redis | Cluster;
  readonly #settings: ConnectionSettings;
  #up = false;
  #greeting = false;
  #again = false;
  #closed = false;
  #silent = 0;
  #hangingUp = false;
  #cancelProbe: () => void = () => undefined;
  #cause: unknown;
  #looked: () => void = () => undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.client = openClient(settings);
    this.client.on('error', (error: unknown) => {
      this.#cause = told(error);
    });
    this.client.on('ready', () => this.greet());
    this.client.on('close', () => {
      this.#hangingUp = false;
      this.#down('the connection is closed');
    });
    // A cluster may have another primary for a slot without the connection being lost.
    const moved = (): void => {
      if (this.client.status === 'ready') this.greet();
    };
    this.client.on('+node', moved);
    this.client.on('-node', moved);
  }

  get up(): boolean {
    return this.#up;
  }

  /** Connects. Resolves when the server was looked at, or cannot be reached: it is tried again and again. */
  async connect(): Promise<void> {
    const { clock, connectTimeout, log } = this.#settings;
    const looked = new Promise<void>((resolve) => {
      this.#looked = resolve;
    });
    this.#dial();
    await withinTime(clock, connectTimeout, looked).catch(() => undefined);
    if (this.#up) return;
    log.error('Redis cannot be used at the start; it is tried again and again.', { error: this.#cause });
  }

  /** The client's own promise is not waited for: where a cluster's first try fails, it stays open for ever. */
  #dial(): void {
    this.client.connect().catch((error: unknown) => {
      // What the client has said before is why; this is only that.
      this.#cause ??= told(error);
      this.#looked();
      this.#probeLater();
    });
  }

  /** Runs a script. Rejects with `GW_STATE_UNAVAILABLE`, at once where the server is known not to answer. */
  async run(script: Script, keys: readonly string[], values: readonly string[]): Promise<string[]> {
    if (!this.#up && !this.#greeting) throw this.unavailable();
    return this.#bounded(script.run(this.client, keys, values));
  }

  /** Runs any other command within the same time. */
  async ask<T>(command: (client: Redis | Cluster) => Promise<T>): Promise<T> {
    if (!this.#up && !this.#greeting) throw this.unavailable();
    return this.#bounded(command(this.client));
  }

  /** What callers are told while Redis cannot be reached. */
  unavailable(cause: unknown = this.#cause): GatewayError {
    const message = 'Redis, which keeps the budgets and limits, does not answer.';
    return new GatewayError('GW_STATE_UNAVAILABLE', message, {
      ...(cause === undefined ? {} : { cause }),
      retryAfter: 1000,
    });
  }

  /** Disconnects, and does not come back. */
  close(): void {
    this.#closed = true;
    this.#up = false;
    this.#cancelProbe();
    this.client.disconnect();
  }

  async #bounded<T>(answer: Promise<T>): Promise<T> {
    const { clock, commandTimeout } = this.#settings;
    try {
      const value = await withinTime(clock, commandTimeout, answer);
      this.#silent = 0;
      return value;
    } catch (error) {
      this.#cause = told(error);
      if (++this.#silent >= SILENT) this.#down('it does not answer');
      throw this.unavailable(this.#cause);
    }
  }

  /** Looks what is there, again if that is under way. */
  greet(): void {
    if (this.#greeting) {
      this.#again = true;
      return;
    }
    this.#greeting = true;
    void this.#look().finally(() => {
      this.#greeting = false;
      const again = this.#again;
      this.#again = false;
      if (again) this.greet();
    });
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    this.#cancelProbe();
    const was = this.#up;
    try {
      await this.onUp();
      this.#up = this.client.status === 'ready';
      this.#silent = 0;
      if (this.#up) this.#cause = undefined;
      if (this.#up && !was) this.#settings.log.info('Redis answers.');
    } catch (error) {
      this.#cause = told(error);
      this.#down('looking at its data failed');
    }
    this.#looked();
    if (!this.#up) this.#probeLater();
  }

  #down(why: string): void {
    if (this.#closed) return;
    if (this.#up) {
      this.#up = false;
      const { log } = this.#settings;
      log.error(`Redis cannot be used: ${why}. What follows from it, the budgets and limits say.`, {
        error: this.#cause,
      });
    }
    this.onDown();
    // A connection that went silent may be one that nobody is at the other end of.
    if (this.#silent >= SILENT) this.#reconnect();
    this.#silent = 0;
    this.#probeLater();
  }

  #reconnect(): void {
    // The client stays ready until the socket is closed, and that may take a while where nobody answers.
    if (this.#hangingUp || this.client.status !== 'ready') return;
    this.#hangingUp = true;
    this.client.disconnect(true);
  }

  #probeLater(): void {
    this.#cancelProbe();
    if (this.#closed) return;
    this.#cancelProbe = this.#settings.clock.after(PROBE, () => {
      if (this.client.status === 'ready') this.greet();
      else if (this.client.status === 'end' || this.client.status === 'wait') this.#dial();
      else this.#probeLater();
    });
  }
}
