/** A store that has only sums: what states read budgets from. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rollup, Store } from '@gatewright/core';

const ABSENT = (): never => {
  throw new Error('The tests of states have a store that has only sums and an epoch.');
};

export class SumsStore implements Store {
  /** How often sums were read. */
  reads = 0;
  /** Whether reading fails. */
  broken = false;
  #sums: Rollup[] = [];
  #epoch = 1;

  reset(): void {
    this.#sums = [];
    this.#epoch = 1;
    this.reads = 0;
    this.broken = false;
  }

  /** Adds to the sum of nano-dollars of a scope's window. */
  add(scope: string, window: Rollup['window'], name: string, period: string, spent: bigint): void {
    this.#sums.push({ scope, unit: 'nanos', window, name, period, spent });
  }

  async rollups(scopes: readonly string[]): Promise<readonly Rollup[]> {
    this.reads++;
    // Slow enough that all who ask at once ask before it answers.
    await sleep(50);
    this.#check();
    const sums = new Map<string, Rollup>();
    for (const sum of this.#sums.filter(({ scope }) => scopes.includes(scope))) {
      const key = JSON.stringify([sum.scope, sum.unit, sum.window, sum.name, sum.period]);
      sums.set(key, { ...sum, spent: sum.spent + (sums.get(key)?.spent ?? 0n) });
    }
    return [...sums.values()];
  }

  async epoch(): Promise<number> {
    this.#check();
    return this.#epoch;
  }

  async raiseEpoch(from: number): Promise<number> {
    this.#check();
    if (this.#epoch === from) this.#epoch++;
    return this.#epoch;
  }

  readonly get = ABSENT;
  readonly find = ABSENT;
  readonly write = ABSENT;
  readonly changes = ABSENT;
  readonly onChange = ABSENT;
  readonly audit = ABSENT;
  readonly addUsage = ABSENT;
  readonly usage = ABSENT;
  readonly report = ABSENT;

  #check(): void {
    if (this.broken) throw new Error('The store is broken, as the test wants it.');
  }
}
