/** The holds under way of one worker, as it knows them itself: what it asked for, what it was granted, and their numbers. */
import type { Claim, Grant } from '../state.ts';

interface Entry {
  claims: readonly Claim[];
  grants: readonly Grant[];
  /** What the primary knows it by. */
  readonly number: number;
}

const NOTHING: readonly never[] = [];

export class Held {
  readonly #entries = new Map<string, Entry>();
  readonly #free: number[] = [];
  #next = 0;

  get(id: string): Readonly<Entry> | undefined {
    return this.#entries.get(id);
  }

  /** A number that no other hold has, for one that is asked for. */
  number(): number {
    return this.#free.pop() ?? this.#next++;
  }

  /** A hold of this number was not granted. */
  refused(number: number): void {
    this.#free.push(number);
  }

  add(id: string, number: number, claims: readonly Claim[], grants: readonly Grant[]): void {
    this.delete(id);
    this.#entries.set(id, { claims, grants, number });
  }

  /** Empties the entry as well: the map's old tables keep it until all of the heap is collected, and its claims their requests. */
  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    entry.claims = NOTHING;
    entry.grants = NOTHING;
    this.#free.push(entry.number);
  }
}
