/** Watches how late the event loop is and how large the process has become, while there is something to do. */
import type { Clock } from '../clock.ts';

/** How often it is looked at, in milliseconds. */
const PERIOD = 100;

export class Strain {
  readonly #clock: Clock;
  readonly #memory: () => number;
  #watching = false;
  #due = 0;
  #lag = 0;
  #size = 0;

  /** `memory`: the bytes that the process takes up; read each time. */
  constructor(clock: Clock, memory = (): number => process.memoryUsage.rss()) {
    this.#clock = clock;
    this.#memory = memory;
  }

  /** How many milliseconds late the loop was when it was last looked at. */
  get lag(): number {
    return this.#lag;
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /** Looks again and again, for as long as `busy` says so. */
  watch(busy: () => boolean): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#size = this.#memory();
    this.#again(busy);
  }

  #again(busy: () => boolean): void {
    this.#due = this.#clock.monotonic() + PERIOD;
    this.#clock.after(PERIOD, () => {
      this.#lag = Math.max(0, this.#clock.monotonic() - this.#due);
      this.#size = this.#memory();
      if (busy()) this.#again(busy);
      else {
        this.#watching = false;
        this.#lag = 0;
      }
    });
  }
}
