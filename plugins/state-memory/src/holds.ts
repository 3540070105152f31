/** The holds under way, by id and by owner, and the ids of those that were settled lately. */
import type { Claim, Grant, Posting } from '@gatewright/core';
import type { Place } from './counter.ts';

/** One claim of a hold, and where it is counted. */
export interface Held {
  readonly claim: Claim;
  readonly place: Place;
  /** Grows where the hold is extended. */
  amount: bigint;
}

export interface Hold {
  readonly id: string;
  readonly owner: string;
  /** Asked only where the owner has died. */
  readonly memo: () => string;
  readonly held: readonly Held[];
  readonly grants: readonly Grant[];
}

/** What is remembered of a hold that was settled. */
export interface Tombstone {
  /** What was posted from the hold of a dead owner; a bill that comes after all replaces it. */
  readonly reclaimed?: readonly Posting[];
  /** Unix milliseconds. */
  readonly time: number;
}

/** Settling the same hold again within this time changes nothing, milliseconds. */
const REMEMBER = 600_000;
/** How many tombstones are kept at most; one takes about 150 bytes. */
const MOST = 200_000;

export class Holds {
  readonly #holds = new Map<string, Hold>();
  readonly #tombstones = new Map<string, Tombstone>();
  /** When the lease of each owner ends, Unix milliseconds. */
  readonly #leases = new Map<string, number>();

  get(id: string): Hold | undefined {
    return this.#holds.get(id);
  }

  add(hold: Hold): void {
    this.#holds.set(hold.id, hold);
  }

  tombstone(id: string): Tombstone | undefined {
    return this.#tombstones.get(id);
  }

  /** Ends a hold, or notes that an id was posted without one. */
  bury(id: string, tombstone: Tombstone): void {
    this.#holds.delete(id);
    this.#tombstones.delete(id);
    this.#tombstones.set(id, tombstone);
    for (const [oldest, { time }] of this.#tombstones) {
      if (time + REMEMBER > tombstone.time && this.#tombstones.size <= MOST) break;
      this.#tombstones.delete(oldest);
    }
  }

  /** Says that an owner lives, until then. */
  lease(owner: string, until: number): void {
    this.#leases.set(owner, until);
  }

  /** When an owner's lease ends or ended. */
  leaseOf(owner: string): number {
    return this.#leases.get(owner) ?? 0;
  }

  /** Whether an owner has holds. */
  hasHolds(owner: string): boolean {
    for (const hold of this.#holds.values()) if (hold.owner === owner) return true;
    return false;
  }

  /** Forgets an owner who is gone and has no holds. */
  forget(owner: string): void {
    this.#leases.delete(owner);
  }

  /** Holds whose owner's lease has ended, oldest first. */
  *expired(now: number): Iterable<Hold> {
    // Most of the time nobody is dead, and no hold has to be looked at.
    const dead = new Set([...this.#leases].filter(([, until]) => until <= now).map(([owner]) => owner));
    if (dead.size === 0) return;
    for (const hold of this.#holds.values()) if (dead.has(hold.owner)) yield hold;
  }
}
