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
  /** Of holds, milliseconds: to look what is there takes a little longer where it must be made again. */
  readonly lease: number;
}

/** So many commands in a row without an answer, and the connection is given up. */
const SILENT = 3;
/** Milliseconds between two tries to reach a server that does not answer. */
const PROBE = 250;
/** A client that has not connected after so many times the time for one connection is given up, with whatever it waits for. */
const PATIENCE = 3;

export class Connection {
  /** Called when the server answers again; it must look whether the data is still there. A failure is another outage. */
  onUp: () => Promise<void> = () => Promise.resolve();
  /** Called when it no longer answers. */
  onDown: () => void = () => undefined;
  readonly #settings: ConnectionSettings;
  #client: Redis | Cluster;
  /** When it began to connect, on this process's own clock, milliseconds. */
  #dialled = 0;
  #up = false;
  #greeting = false;
  #again = false;
  #closed = false;
  #silent = 0;
  #cancelProbe: () => void = () => undefined;
  #cause: unknown;
  #looked: () => void = () => undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#client = this.#open();
  }

  /** What commands go through now: another one after each outage in which it did not come back by itself. */
  get client(): Redis | Cluster {
    return this.#client;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Connects. Resolves when the server was looked at, or cannot be reached: it is tried again and again. */
  async connect(): Promise<void> {
    const { clock, connectTimeout, lease, log } = this.#settings;
    const looked = new Promise<void>((resolve) => {
      this.#looked = resolve;
    });
    this.#dial();
    await withinTime(clock, connectTimeout, looked).catch(() => undefined);
    // It has answered: who served requests now would refuse them until the counts are there.
    if (!this.#up && this.#greeting) await withinTime(clock, 2 * lease, looked).catch(() => undefined);
    if (this.#up) return;
    log.error('Redis cannot be used at the start; it is tried again and again.', { error: this.#cause });
  }

  /** The client's own promise is not waited for: where a cluster's first try fails, it stays open for ever. */
  #dial(): void {
    const client = this.#client;
    this.#dialled = this.#settings.clock.monotonic();
    client.connect().catch((error: unknown) => {
      // What the client has said before is why; this is only that.
      if (client !== this.#client) return;
      this.#cause ??= told(error);
      this.#looked();
      this.#probeLater();
    });
  }

  /** Runs a script. Rejects with `GW_STATE_UNAVAILABLE`, at once where the server is known not to answer. */
  async run(script: Script, keys: readonly string[], values: readonly string[]): Promise<string[]> {
    if (!this.#up && !this.#greeting) throw this.unavailable();
    return this.#bounded(script.run(this.#client, keys, values));
  }

  /** Runs any other command within the same time. */
  async ask<T>(command: (client: Redis | Cluster) => Promise<T>): Promise<T> {
    if (!this.#up && !this.#greeting) throw this.unavailable();
    return this.#bounded(command(this.#client));
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
    this.#client.disconnect();
  }

  async #bounded<T>(answer: Promise<T>): Promise<T> {
    const { clock, commandTimeout } = this.#settings;
    const client = this.#client;
    try {
      const value = await withinTime(clock, commandTimeout, answer);
      this.#silent = 0;
      return value;
    } catch (error) {
      this.#cause = told(error);
      // What a client that was given up still waits for says nothing of the one in its place.
      if (client === this.#client && ++this.#silent >= SILENT) this.#down('it does not answer');
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
      this.#up = this.#client.status === 'ready';
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
    if (this.#silent >= SILENT && this.#client.status === 'ready') this.#replace();
    this.#silent = 0;
    this.#probeLater();
  }

  #open(): Redis | Cluster {
    const client = openClient(this.#settings);
    const on = (event: string, hear: (about: unknown) => void): void => {
      client.on(event, (about: unknown) => {
        if (client === this.#client) hear(about);
      });
    };
    on('error', (error) => {
      this.#cause = told(error);
    });
    on('ready', () => this.greet());
    on('close', () => this.#down('the connection is closed'));
    // A cluster may have another primary for a slot without the connection being lost.
    for (const event of ['+node', '-node']) {
      on(event, () => {
        if (client.status === 'ready') this.greet();
      });
    }
    return client;
  }

  /**
   * Begins anew. To let the client connect again by itself is not enough: one of a cluster that is redirected while it hangs
   * up keeps a node that it never used, and waits for its end for ever.
   */
  #replace(): void {
    const old = this.#client;
    this.#client = this.#open();
    old.disconnect();
    this.#dial();
  }

  #probeLater(): void {
    this.#cancelProbe();
    if (this.#closed) return;
    const { clock, connectTimeout } = this.#settings;
    this.#cancelProbe = clock.after(PROBE, () => {
      const { status } = this.#client;
      if (status === 'ready') this.greet();
      else if (status === 'end' || status === 'wait') this.#dial();
      else if (clock.monotonic() - this.#dialled > PATIENCE * connectTimeout) this.#replace();
      else this.#probeLater();
    });
  }
}
