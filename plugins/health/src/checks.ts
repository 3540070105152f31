/** Checks servers every now and then, where the configuration says so. */
import type { Clock } from '@gatewright/core';
import { checkServer } from './server-check.ts';
import type { Check } from './terms.ts';

export interface Checked {
  readonly id: string;
  readonly check: Check;
}

export class Checks {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #heard: (id: string, fault: string | undefined, every: number) => void;
  readonly #timers = new Map<string, () => void>();
  /** Those that a newer configuration has replaced say nothing any more. */
  #round = 0;

  /** @param heard is told what is wrong with the server of a target, and with undefined that nothing is. */
  constructor(
    { clock, random }: { readonly clock: Clock; readonly random: () => number },
    heard: (id: string, fault: string | undefined, every: number) => void,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#heard = heard;
  }

  /** Checks these from now on, and no others. */
  follow(list: readonly Checked[]): void {
    this.close();
    for (const one of list) this.#later(one, this.#round, one.check.every * this.#random());
  }

  close(): void {
    this.#round++;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #later(one: Checked, round: number, wait: number): void {
    const timer = this.#clock.after(wait, () => void this.#ask(one, round));
    this.#timers.set(one.id, timer);
  }

  async #ask(one: Checked, round: number): Promise<void> {
    const { url, every, timeout } = one.check;
    const fault = await checkServer(url, this.#clock, timeout);
    if (round !== this.#round) return;
    this.#heard(one.id, fault, every);
    this.#later(one, round, every);
  }
}
