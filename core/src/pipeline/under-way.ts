/** The exchanges under way. */
import type { LiveExchange } from './live-exchange.ts';

/**
 * Each knows its place, and the last takes that of one that ends. Not a Set: one that changes all the time is made anew each time
 * it is full of what was deleted, and V8 lets the old one refer to the new. Once an old one has grown old, all exchanges of all that
 * came after it survive until the next full collection: 14 kB of every request's 32 kB were copied twice.
 */
export class UnderWay {
  readonly #all: LiveExchange[] = [];

  get size(): number {
    return this.#all.length;
  }

  add(exchange: LiveExchange): void {
    exchange.place = this.#all.push(exchange) - 1;
  }

  /** Takes out one that was added, once. */
  delete({ place }: LiveExchange): void {
    const last = this.#all.pop();
    if (last === undefined || last.place === place) return;
    this.#all[place] = last;
    last.place = place;
  }

  /** As they are now. */
  list(): LiveExchange[] {
    return [...this.#all];
  }
}
