/** A typed place for a plugin's own state on each exchange; nobody else can read it. */
import type { Exchange } from './exchange.ts';

export interface Slot<T> {
  get(exchange: Exchange): T | undefined;
  set(exchange: Exchange, value: T): void;
}

/** Hands out slots; one allocator per kernel, so that each exchange needs exactly one array. */
export class SlotAllocator {
  #count = 0;

  allocate<T>(): Slot<T> {
    const index = this.#count++;
    return {
      get: (exchange) => exchange.slots[index] as T | undefined,
      set: (exchange, value) => {
        exchange.slots[index] = value;
      },
    };
  }
}
