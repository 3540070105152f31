/** The holds that this process has taken and not settled: a state that lost its data takes them again from here. */
import type { Claim } from '@gatewright/core';

export interface OwnHold {
  readonly id: string;
  readonly claims: readonly Claim[];
  /** The part of each claim's window that it is held in. */
  readonly parts: readonly string[];
  /** Grow where the hold is extended. */
  amounts: readonly bigint[];
  readonly memo: string;
}

export class OwnHolds {
  readonly #holds = new Map<string, OwnHold>();

  add(hold: OwnHold): void {
    this.#holds.set(hold.id, hold);
  }

  get(id: string): OwnHold | undefined {
    return this.#holds.get(id);
  }

  delete(id: string): void {
    this.#holds.delete(id);
  }

  get size(): number {
    return this.#holds.size;
  }

  get all(): readonly OwnHold[] {
    return [...this.#holds.values()];
  }
}
