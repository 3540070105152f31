/** Sends a copy of some requests to another model, whose answers are dropped: their cost and their errors are in records of their own. */
import type { Clock, Exchange, Logger, Operation, RequestOf } from '@gatewright/core';

/** The operations whose requests can be sent again as they are; files are gone by then. */
const OPERATIONS: ReadonlySet<Operation> = new Set(['chat', 'completions', 'embeddings', 'moderation', 'rerank']);
/** How often is said that copies were left out, in milliseconds. */
const SAY_AGAIN = 60_000;

export interface MirrorOptions {
  readonly model: string;
  /** From 0 to 1. */
  readonly share: number;
}

export class Mirrors {
  readonly #most: number;
  readonly #random: () => number;
  readonly #clock: Clock;
  readonly #log: Logger;
  #underWay = 0;
  #closed = false;
  #leftOut = 0;
  #said = -Infinity;

  /** `most`: how many copies may be under way at once. */
  constructor(most: number, random: () => number, clock: Clock, log: Logger) {
    this.#most = most;
    this.#random = random;
    this.#clock = clock;
    this.#log = log;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Copies an exchange that has its answer. Never throws, and nobody waits for it. */
  copy(exchange: Exchange, { model, share }: MirrorOptions): void {
    // Only what a client asked for is copied: copies of copies would never end.
    if (this.#closed || exchange.depth > 0 || !OPERATIONS.has(exchange.operation) || this.#random() >= share) return;
    if (this.#underWay >= this.#most) {
      this.#sayLeftOut(model);
      return;
    }
    this.#underWay++;
    this.#send(exchange, model)
      .catch((error: unknown) => this.#log.debug(`A copy to "${model}" failed.`, { exchange: exchange.id, error }))
      .finally(() => this.#underWay--);
  }

  /** No further copies. Those under way are waited for like every exchange, and ended with the others. */
  close(): void {
    this.#closed = true;
  }

  async #send(exchange: Exchange, model: string): Promise<void> {
    // The client's answer goes out first.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const request = { ...exchange.request(), model } as RequestOf<'chat'>;
    await exchange.spawn(request, { cause: 'mirror', operation: exchange.operation, outlive: true });
  }

  #sayLeftOut(model: string): void {
    this.#leftOut++;
    const now = this.#clock.monotonic();
    if (now - this.#said < SAY_AGAIN) return;
    this.#said = now;
    const message = `Copies to "${model}" were left out (${this.#leftOut} since this was said last): ${this.#most} were under way. Raise "mirrors", or lower the share.`;
    this.#log.warn(message);
    this.#leftOut = 0;
  }
}
