/** Looks at everything under way that must not take too long, in rounds. */
import type { Clock } from './clock.ts';

/** Milliseconds from one round to the next. */
const ROUND = 250;
/** How often somebody is looked at within its patience, at least. */
const LOOKS = 4;

/** Where somebody stands who is in no round, or has looks of its own. */
const NOWHERE = -1;
const ALONE = -2;

/** Something that must not take too long. */
export interface UnderWay {
  /** {@link Rounds} alone writes it; at first it is −1. */
  place: number;
  /** `now`: milliseconds on the monotonic clock. */
  look(now: number): void;
}

/**
 * Nearly nothing takes too long, so all that a timer costs is its making, and its way out: undici keeps what was called off for
 * half a second, in which it grows old. Of each request, 170 bytes made the heap grow; all the rest of it, 190.
 */
export class Rounds {
  readonly #clock: Clock;
  /** An array with places: what leaves a set or a map again and again leaves garbage that is kept. */
  readonly #all: UnderWay[] = [];
  #isWaiting = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks at it from now on, at least {@link LOOKS} times in its `patience`, in milliseconds. It must be in no round. */
  add(one: UnderWay, patience: number): void {
    if (patience < ROUND * LOOKS) {
      one.place = ALONE;
      this.#follow(one, patience / LOOKS);
      return;
    }
    one.place = this.#all.length;
    this.#all.push(one);
    if (!this.#isWaiting) this.#wait();
  }

  /** Looks at it no more. Does nothing where it is in no round. */
  remove(one: UnderWay): void {
    const { place } = one;
    one.place = NOWHERE;
    if (place < 0) return;
    const last = this.#all.pop();
    if (last === undefined || last === one) return;
    this.#all[place] = last;
    last.place = place;
  }

  /** The timer goes on behind the last of them: the next round finds that nothing is left. */
  #wait(): void {
    this.#isWaiting = true;
    this.#clock.after(ROUND, () => {
      this.#isWaiting = false;
      const now = this.#clock.monotonic();
      // From behind, because who leaves changes places with the last.
      for (let place = this.#all.length - 1; place >= 0; place--) this.#all[place]?.look(now);
      if (this.#all.length > 0) this.#wait();
    });
  }

  #follow(one: UnderWay, pause: number): void {
    this.#clock.after(pause, () => {
      if (one.place !== ALONE) return;
      one.look(this.#clock.monotonic());
      if (one.place === ALONE) this.#follow(one, pause);
    });
  }
}
