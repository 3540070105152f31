/** The holds under way of one worker, by their ids: what was asked for, and granted. */
import type { Grant } from '../state.ts';

interface Entry<C> {
  claims: readonly C[];
  grants: readonly Grant[];
}

const NOTHING: readonly never[] = [];

export class Held<C> {
  readonly #entries = new Map<string, Entry<C>>();

  get(id: string): Readonly<Entry<C>> | undefined {
    return this.#entries.get(id);
  }

  add(id: string, claims: readonly C[], grants: readonly Grant[]): void {
    this.#entries.set(id, { claims, grants });
  }

  /** Empties the entry as well: the map's old tables keep it until all of the heap is collected, and its claims their requests. */
  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    entry.claims = NOTHING;
    entry.grants = NOTHING;
  }
}
