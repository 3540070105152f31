/** Says when a budget has passed its soft limit, once for each budget and period. */
import type { Balance, Logger } from '@gatewright/core';
import type { Applicable } from './applicable.ts';
import { dollarsOf } from './money.ts';

/** Budgets that are remembered to have been spoken of. */
const REMEMBERED = 100_000;

export class SoftLimits {
  readonly #log: Logger;
  /** The end of the period in which it was last said, by budget. */
  readonly #said = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  see({ scope, label, soft, limit, window: { name } }: Applicable, { spent, resetsAt = Infinity }: Balance): void {
    if (soft === undefined || spent < soft) return;
    const key = `${scope} ${name}`;
    if (this.#said.get(key) === resetsAt) return;
    if (this.#said.size > REMEMBERED) this.#said.clear();
    this.#said.set(key, resetsAt);
    this.#log.warn(
      `The budget of ${label ?? scope} has passed its soft limit: ${dollarsOf(spent)} of ${dollarsOf(limit)} are spent (${name}).`,
      { scope, window: name },
    );
  }
}
