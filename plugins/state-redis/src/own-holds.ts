/** The holds that this process has taken and not settled: a state that lost its data takes them again from here. */
import type { Claim } from '@gatewright/core';
import { codeAt } from '@gatewright/core/wire';

export interface OwnHold {
  readonly id: string;
  readonly claims: readonly Claim[];
  /** The part of each claim's window that it is held in. */
  readonly parts: readonly string[];
  /** Grow where the hold is extended. */
  amounts: readonly bigint[];
  readonly memo: string;
}

/** A power of two. */
const BUCKETS = 1024;

export class OwnHolds {
  /** A map that changes with every hold would leave its old tables behind, and they keep what was in them. */
  readonly #buckets: readonly OwnHold[][] = Array.from({ length: BUCKETS }, () => []);
  #size = 0;

  add(hold: OwnHold): void {
    this.delete(hold.id);
    this.#bucketOf(hold.id).push(hold);
    this.#size++;
  }

  get(id: string): OwnHold | undefined {
    for (const hold of this.#bucketOf(id)) if (hold.id === id) return hold;
    return undefined;
  }

  delete(id: string): void {
    const bucket = this.#bucketOf(id);
    const at = bucket.findIndex((hold) => hold.id === id);
    if (at < 0) return;
    // The last one takes its place.
    const last = bucket.pop() as OwnHold;
    if (at < bucket.length) bucket[at] = last;
    this.#size--;
  }

  get size(): number {
    return this.#size;
  }

  get all(): readonly OwnHold[] {
    return this.#buckets.flat();
  }

  /** By the end of the id, which differs most. */
  #bucketOf(id: string): OwnHold[] {
    let hash = 0;
    for (let at = Math.max(0, id.length - 8); at < id.length; at++) hash = Math.imul(hash, 31) + codeAt(id, at);
    return this.#buckets[hash & (BUCKETS - 1)] as OwnHold[];
  }
}
