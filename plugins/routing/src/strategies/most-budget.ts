/** The target that has the largest part of its budgets and limits left; one that nothing is known of has all of it. */
import type { Clock, Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import type { Balances } from '../signals/balances.ts';
import type { Strategy } from '../strategy.ts';

export class MostBudget implements Strategy {
  readonly #balances: Balances;
  readonly #clock: Clock;

  constructor(balances: Balances, clock: Clock) {
    this.#balances = balances;
    this.#clock = clock;
  }

  score(targets: readonly Target[], _asked: Asked, scores: Float64Array): void {
    const now = this.#clock.now();
    this.#balances.refresh(now);
    for (let at = 0; at < targets.length; at++) scores[at] = 1 - this.#balances.left((targets[at] as Target).id, now);
  }

  reason({ id }: Target): string {
    return `${Math.round(this.#balances.left(id, this.#clock.now()) * 100)} % left`;
  }
}
