/** Collects the garbage of a busy time when it is over. */
import { flushCompileCache } from 'node:module';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../clock.ts';

/** Milliseconds between two looks. A gateway rests when two looks one after the other find nothing under way. */
export const LOOK = 2000;

/** How much more memory the heap has to take than after the last collection, in bytes. Less is not worth the pause. */
export const WORTH = 12e6;

export interface IdleWork {
  /** How many exchanges are under way. */
  readonly active: () => number;
  readonly clock: Clock;
  /** Bytes that the heap takes. */
  readonly size?: () => number;
  readonly collect?: () => void;
}

/**
 * V8 collects when room is asked for. So a gateway that nobody asks any more would hold for days what it needed in its
 * busiest minute.
 */
export class IdleCollection {
  readonly #work: Required<IdleWork>;
  #cancel: () => void = () => undefined;
  #resting = false;
  #least: number;

  constructor(work: IdleWork) {
    this.#work = { size: heapSize, collect: collectAll, ...work };
    this.#least = this.#work.size();
    this.#later();
  }

  stop(): void {
    this.#cancel();
  }

  #later(): void {
    this.#cancel = this.#work.clock.after(LOOK, () => {
      this.#look();
      this.#later();
    });
  }

  #look(): void {
    const { active, size, collect } = this.#work;
    const rested = this.#resting;
    this.#resting = active() === 0;
    if (!rested || !this.#resting || size() < this.#least + WORTH) return;
    collect();
    this.#least = size();
  }
}

const heapSize = (): number => getHeapStatistics().total_heap_size;

/** As if memory were running out: what is free goes back to the system at once, also of the young generation. */
function collectAll(): void {
  // It throws away compiled code as well; the next start is to find it.
  flushCompileCache();
  // V8 gives the function to new contexts only.
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as NodeJS.GCFunction;
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
