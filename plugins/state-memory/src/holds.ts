/** The holds under way, by id and by owner. */
import type { Place } from './place.ts';

/** How long an owner of holds counts as alive. */
export interface Lease {
  /** Unix milliseconds. */
  until: number;
  /** How many holds the owner has. */
  holds: number;
}

export class Hold {
  readonly id: string;
  readonly lease: Lease;
  /** Asked only where the owner has died. */
  memo: () => string;
  /** One for each claim, in their order; also what was granted. */
  places: readonly Place[];
  /** Its place in the row of those that nobody looks for; -1 where it is found by its id. */
  at = -1;
  /** Numbers holds as they were taken. */
  readonly number: number;

  constructor(id: string, lease: Lease, memo: () => string, places: readonly Place[], number: number) {
    this.id = id;
    this.lease = lease;
    this.memo = memo;
    this.places = places;
    this.number = number;
  }
}

const NO_MEMO = (): string => '';
const NO_PLACES: readonly Place[] = [];

export class Holds {
  readonly #byId = new Map<string, Hold>();
  /**
   * Those that were fresh: who settles them has their places at hand, and they are hardly ever looked for. A map that changes all
   * the time leaves tables behind, with what was in them, and is slow where each id is a new one.
   */
  readonly #row: Hold[] = [];
  readonly #leases = new Map<string, Lease>();
  #count = 0;

  get(id: string): Hold | undefined {
    const found = this.#byId.get(id);
    if (found !== undefined) return found;
    for (const hold of this.#row) if (hold.id === id) return hold;
    return undefined;
  }

  /** `fresh`: it is hardly ever looked for. */
  add(id: string, owner: string, memo: () => string, places: readonly Place[], fresh: boolean): void {
    const hold = new Hold(id, this.#leaseOf(owner), memo, places, ++this.#count);
    for (let index = 0; index < places.length; index++) (places[index] as Place).hold = hold;
    hold.lease.holds++;
    if (fresh) hold.at = this.#row.push(hold) - 1;
    else this.#byId.set(id, hold);
  }

  /** Empties the hold as well: whatever still knows it would keep its exchange. */
  delete(hold: Hold): void {
    if (hold.at < 0) this.#byId.delete(hold.id);
    else {
      // The last of the row takes its place.
      const last = this.#row.pop() as Hold;
      if (last !== hold) this.#row[hold.at] = last;
      last.at = hold.at;
    }
    hold.lease.holds--;
    hold.memo = NO_MEMO;
    hold.places = NO_PLACES;
  }

  /** Says that an owner lives, until then. */
  lease(owner: string, until: number): void {
    this.#leaseOf(owner).until = until;
  }

  /** Forgets an owner who is gone, where it has no holds. */
  leave(owner: string): void {
    if (this.#leases.get(owner)?.holds === 0) this.#leases.delete(owner);
  }

  #leaseOf(owner: string): Lease {
    let lease = this.#leases.get(owner);
    if (lease === undefined) this.#leases.set(owner, (lease = { until: 0, holds: 0 }));
    return lease;
  }

  /** Holds whose owner's lease has ended, oldest first. */
  expired(now: number): readonly Hold[] {
    // Most of the time nobody is dead, and no hold has to be looked at.
    if (![...this.#leases.values()].some(({ until }) => until <= now)) return [];
    const dead = [...this.#byId.values(), ...this.#row].filter(({ lease }) => lease.until <= now);
    return dead.toSorted((a, b) => a.number - b.number);
  }
}
