/** A connection that hears when the log of changes has grown; it opens itself again when it breaks. */
import type { Clock, Logger } from '@gatewright/core';
import { Client } from 'pg';
import { CHANNEL } from './records.ts';

/** Milliseconds between two tries. */
const PAUSE = 1000;

export class Listener {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listeners = new Set<() => void>();
  #client: Client | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(url: string, clock: Clock, log: Logger) {
    this.#url = url;
    this.#clock = clock;
    this.#log = log;
  }

  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#client === undefined && !this.#closed) void this.#open();
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#client?.end().catch(() => undefined);
  }

  async #open(): Promise<void> {
    const client = new Client({ connectionString: this.#url, application_name: 'gatewright', keepAlive: true });
    this.#client = client;
    client.on('notification', () => this.#tell());
    client.on('error', (error) => this.#again(client, error));
    client.on('end', () => this.#again(client, undefined));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      // What happened while nobody listened is in the log.
      this.#tell();
    } catch (error) {
      this.#again(client, error as Error);
    }
  }

  #again(client: Client, error: Error | undefined): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    if (error !== undefined) this.#log.warn('PostgreSQL no longer tells of changes.', { reason: error.message });
    client.end().catch(() => undefined);
    this.#cancel = this.#clock.after(PAUSE, () => void this.#open());
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
