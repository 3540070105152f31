/** A connection that only hears what others publish; it comes back by itself, and whoever uses it can do without. */
import type { Logger } from '@gatewright/core';
import type { Cluster, Redis } from 'ioredis';
import { openClient, type ClientSettings } from './client.ts';
import { told } from './told.ts';

export class Listening {
  readonly #settings: ClientSettings & { readonly log: Logger };
  readonly #channel: string;
  readonly #hear: (message: string) => void;
  #client: Redis | Cluster | undefined;
  #complained = false;

  constructor(settings: ClientSettings & { readonly log: Logger }, channel: string, hear: (message: string) => void) {
    this.#settings = settings;
    this.#channel = channel;
    this.#hear = hear;
  }

  /** Connects, where it has not. */
  start(): void {
    if (this.#client !== undefined) return;
    const client = openClient(this.#settings);
    this.#client = client;
    // The connection that everything else goes by tells of outages.
    client.on('error', () => undefined);
    client.on('message', (_channel: string, message: string) => this.#hear(message));
    client.on('ready', () => {
      client.subscribe(this.#channel).catch((error: unknown) => this.#complain(error));
    });
    this.keep();
  }

  /** Connects again where the client has given up. */
  keep(): void {
    const client = this.#client;
    if (client?.status === 'wait' || client?.status === 'end') client.connect().catch(() => undefined);
  }

  stop(): void {
    this.#client?.disconnect();
    this.#client = undefined;
  }

  /** A user may read and write, and not subscribe: that is slower, and no outage. */
  #complain(error: unknown): void {
    if (this.#complained || !(error instanceof Error) || !error.message.startsWith('NOPERM')) return;
    this.#complained = true;
    const { log } = this.#settings;
    log.warn('Redis does not let this user subscribe: what replicas tell each other takes a second.', {
      channel: this.#channel,
      error: told(error),
    });
  }
}
