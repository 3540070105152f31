/**
 * Keeps an event loop awake for a moment in which an answer is expected: to wake a thread that sleeps takes an idle machine
 * 50 µs. Network stacks call it busy polling.
 */
import { availableParallelism } from 'node:os';
import type { Clock } from './clock.ts';

/** For how many answers nothing is polled after one that did not come in time: at first, and at most. */
const FIRST_PAUSE = 16;
const LONGEST_PAUSE = 256;

export class BusyPoll {
  readonly #clock: Clock;
  readonly #span: number;
  readonly #expects: () => boolean;
  readonly #helps: boolean;
  #until = 0;
  #isPolling = false;
  /** How many more answers are waited for asleep. */
  #asleep = 0;
  #pause = FIRST_PAUSE;

  /** `span`: milliseconds from a {@link touch} on. `expects`: whether the answer has not come. `cores`: how many the process may use. */
  constructor(clock: Clock, span: number, expects: () => boolean, cores = availableParallelism()) {
    this.#clock = clock;
    this.#span = span;
    this.#expects = expects;
    // On a single core, whoever polls keeps the one busy that it waits for.
    this.#helps = cores > 1;
  }

  /** From now on an answer is expected. */
  touch(): void {
    if (!this.#helps || this.#asleep-- > 0) return;
    this.#asleep = 0;
    this.#until = this.#clock.monotonic() + this.#span;
    if (this.#isPolling) return;
    this.#isPolling = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    if (!this.#expects()) {
      this.#isPolling = false;
      this.#pause = FIRST_PAUSE;
    } else if (this.#clock.monotonic() < this.#until) setImmediate(this.#turn);
    else this.#giveUp();
  };

  /** Who answers slowly is not waited for awake; and where others need the cores, polling is what makes it slow. */
  #giveUp(): void {
    this.#isPolling = false;
    this.#asleep = this.#pause;
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }
}
