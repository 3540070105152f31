/** What budgets had spent before this process began: read from the store's sums, once for all who wait for it. */
import { GatewayError, type Clock, type Rollup, type Store } from '@gatewright/core';
import { withinTime } from './deadline.ts';

export class Seeds {
  readonly #clock: Clock;
  readonly #reading = new Map<string, Promise<readonly Rollup[]>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The sums of scopes. Rejects with `GW_STATE_UNAVAILABLE` where the store does not tell them within `timeout` milliseconds. */
  async read(store: Store, scopes: ReadonlySet<string>, timeout: number): Promise<readonly Rollup[]> {
    const missing = [...scopes].filter((scope) => !this.#reading.has(scope));
    if (missing.length > 0) {
      const read = this.#bounded(store.rollups(missing), timeout);
      for (const scope of missing) this.#reading.set(scope, read);
      const forget = (): void => missing.forEach((scope) => this.#reading.delete(scope));
      read.then(forget, forget);
    }
    const answers = await Promise.all(
      new Set([...scopes].map((scope) => this.#reading.get(scope) ?? Promise.resolve([]))),
    );
    return answers.flat().filter(({ scope }) => scopes.has(scope));
  }

  async #bounded(read: Promise<readonly Rollup[]>, timeout: number): Promise<readonly Rollup[]> {
    try {
      return await withinTime(this.#clock, timeout, read);
    } catch (cause) {
      const message = 'What the budgets have spent is not known: the store that keeps it could not be read.';
      throw new GatewayError('GW_STATE_UNAVAILABLE', message, { cause });
    }
  }
}
