/** Keeps retries a small part of what a target is asked: an outage must not be met with more requests than before it. */
import type { Clock } from '../clock.ts';

/** Each first try allows so much of a retry. */
const PER_TRY = 0.2;
/** So many retries are allowed each second, however few first tries there are. */
const PER_SECOND = 3;
/** What is allowed over time alone does not add up to more. */
const MOST_BY_TIME = 10;
/** What quiet times have saved is at most so many retries. */
const MOST = 100;

/** A bucket of tokens, one for each retry. */
export class RetryBudget {
  readonly #clock: Clock;
  #tokens = MOST_BY_TIME;
  #filled: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filled = clock.monotonic();
  }

  /** A target was asked for the first time in an exchange. */
  tried(): void {
    if (this.#tokens < MOST) this.#tokens += PER_TRY;
  }

  /** Whether it may be asked again; takes the token. */
  take(): boolean {
    const now = this.#clock.monotonic();
    if (this.#tokens < MOST_BY_TIME) {
      this.#tokens = Math.min(MOST_BY_TIME, this.#tokens + ((now - this.#filled) / 1000) * PER_SECOND);
    }
    this.#filled = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
