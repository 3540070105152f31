/** Processes that reserve, use and bill without a pause, and an account of what they should have been let. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, Journal } from '@gatewright/core';
import type { SumsStore } from '@gatewright/testkit';
import type { RedisState } from './redis-state.ts';
import { bill, hold } from './state.test.kit.ts';

/** Rows on their way to the store's sums, as a process writes them: before it settles. */
export class FakeJournal implements Journal {
  readonly #store: SumsStore;
  readonly #written = new Set<string>();
  #waiting: (() => void)[] = [];
  #pauses = 0;

  constructor(store: SumsStore) {
    this.#store = store;
  }

  write(id: string, claims: readonly Claim[], nanos: bigint): void {
    this.#written.add(id);
    const add = (): void => {
      for (const { scope, window } of claims) this.#store.add(scope, window.kind, window.name, '', nanos);
    };
    if (this.#pauses > 0) this.#waiting.push(add);
    else add();
  }

  async pause(): ReturnType<Journal['pause']> {
    this.#pauses++;
    const before = new Set(this.#written);
    return {
      has: (id) => before.has(id),
      resume: () => {
        if (--this.#pauses > 0) return;
        for (const add of this.#waiting) add();
        this.#waiting = [];
      },
    };
  }
}

/** What was really held and used, over all processes. */
export class Account {
  held = 0n;
  spent = 0n;
  granted = 0;
  /** The most that was held and spent at any moment. */
  peak = 0n;

  take(amount: bigint): void {
    this.held += amount;
    this.granted++;
    if (this.held + this.spent > this.peak) this.peak = this.held + this.spent;
  }

  bill(amount: bigint, actual: bigint): void {
    this.held -= amount;
    this.spent += actual;
  }
}

/** What a process works on: the first claim's amount and budget are accounted for, the others are like it. */
export interface Work {
  readonly claims: readonly [Claim, ...Claim[]];
  readonly account: Account;
  readonly journal: FakeJournal;
  readonly signal: AbortSignal;
}

/** Keeps a process busy until `signal` says stop; resolves when all that it took is billed. */
export async function work(name: string, state: RedisState, { claims, account, journal, signal }: Work): Promise<void> {
  const bills: Promise<unknown>[] = [];
  for (let index = 0; !signal.aborted; index++) {
    const id = `${name}-${index}`;
    const answer = await state.reserve(hold(id, ...claims)).catch(() => undefined);
    if (answer?.ok !== true) {
      await sleep(2);
      continue;
    }
    account.take(claims[0].amount);
    await sleep(index % 5);
    const actual = BigInt(index % 3);
    account.bill(claims[0].amount, actual);
    journal.write(id, claims, actual);
    bills.push(
      state.settle(
        id,
        claims.map((claim) => bill(claim, actual)),
      ),
    );
  }
  await Promise.all(bills);
}
