/** Collects the garbage of a busy time when it is over. */
import { flushCompileCache } from 'node:module';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../clock.ts';

/** Milliseconds between two looks. */
export const LOOK = 2000;

/** Looks in a row that find nothing under way where a gateway rests. After a pause of seconds, what is compiled must be there. */
export const LOOKS = 30;

/** How much more memory the heap has to take than it needs, in bytes. Less is not worth the pause. */
export const WORTH = 16e6;

/** Bytes. */
export interface Heap {
  readonly taken: number;
  readonly used: number;
}

export interface IdleWork {
  /** How many exchanges are under way. */
  readonly active: () => number;
  readonly clock: Clock;
  readonly heap?: () => Heap;
  readonly collect?: () => void;
}

/**
 * V8 collects when room is asked for. So a gateway that nobody asks any more would hold for days what it needed in its
 * busiest minute.
 */
export class IdleCollection {
  readonly #work: Required<IdleWork>;
  #cancel: () => void = () => undefined;
  /** How many looks have found nothing under way since one found something. */
  #idle = 0;
  /** What was in use after the boot, or taken after the last collection: about what is needed. */
  #needed: number;

  constructor(work: IdleWork) {
    this.#work = { heap: ownHeap, collect: collectAll, ...work };
    this.#needed = this.#work.heap().used;
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
    const { active, heap, collect } = this.#work;
    this.#idle = active() === 0 ? this.#idle + 1 : 0;
    if (this.#idle < LOOKS || heap().taken < this.#needed + WORTH) return;
    collect();
    this.#needed = heap().taken;
  }
}

function ownHeap(): Heap {
  const { total_heap_size: taken, used_heap_size: used } = getHeapStatistics();
  return { taken, used };
}

/** As if memory were running out: what is free goes back to the system at once, also of the young generation. */
function collectAll(): void {
  // It throws away compiled code as well; the next start is to find it.
  flushCompileCache();
  // V8 gives the function to new contexts only.
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as NodeJS.GCFunction;
  setFlagsFromString('--no-expose-gc');
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
