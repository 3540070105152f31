/** The holds under way, by id and by owner. */
import type { Place } from './place.ts';

export interface Hold {
  readonly id: string;
  readonly owner: string;
  /** Asked only where the owner has died. */
  memo: () => string;
  /** One for each claim, in their order; also what was granted. */
  places: readonly Place[];
}

const NO_MEMO = (): string => '';
const NO_PLACES: readonly Place[] = [];

export class Holds {
  readonly #holds = new Map<string, Hold>();
  /** When the lease of each owner ends, Unix milliseconds. */
  readonly #leases = new Map<string, number>();

  get(id: string): Hold | undefined {
    return this.#holds.get(id);
  }

  add(hold: Hold): void {
    this.#holds.set(hold.id, hold);
  }

  /**
   * Empties the hold as well: of a map that changes all the time V8 leaves tables behind, with what was in them, until all of the
   * heap is collected. Each would keep its exchange.
   */
  delete(id: string): void {
    const hold = this.#holds.get(id);
    if (hold === undefined) return;
    this.#holds.delete(id);
    hold.memo = NO_MEMO;
    hold.places = NO_PLACES;
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
