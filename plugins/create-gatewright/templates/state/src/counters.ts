/** The counters, and the processes that use them: to be replaced by calls to a server that processes share. */
import { randomUUID } from 'node:crypto';
import type { Clock, Store } from '@gatewright/core';
import { Ledger, MemoryState } from '@gatewright/state-memory';

export interface CounterOptions {
  readonly lease: number;
  readonly seedTimeout: number;
  /** Where budgets are read from that the state does not know. */
  readonly store: Store | undefined;
}

export class Counters {
  readonly #ledger: Ledger;
  readonly #owners: MemoryState[] = [];

  constructor(clock: Clock, options: CounterOptions) {
    this.#ledger = new Ledger(clock, options);
  }

  /** One more process that reserves and settles. */
  owner(): MemoryState {
    const owner = new MemoryState(this.#ledger, randomUUID());
    this.#owners.push(owner);
    return owner;
  }

  close(): void {
    for (const owner of this.#owners.splice(0)) owner.close();
  }
}
