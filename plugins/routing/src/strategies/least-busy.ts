/** The target with the fewest calls under way from this process, for its weight. */
import type { Target } from '@gatewright/core';
import { ranked, scoresFor } from '../rank.ts';
import type { Busy } from '../signals/busy.ts';
import type { Strategy } from '../strategy.ts';

export class LeastBusy implements Strategy {
  readonly #busy: Busy;

  constructor(busy: Busy) {
    this.#busy = busy;
  }

  order(targets: readonly Target[]): readonly Target[] {
    const scores = scoresFor(targets.length);
    for (let at = 0; at < targets.length; at++) {
      const { id, weight } = targets[at] as Target;
      scores[at] = weight > 0 ? this.#busy.of(id) / weight : Infinity;
    }
    return ranked(targets, scores);
  }

  reason({ id, weight }: Target): string {
    return `${this.#busy.of(id)} under way${weight === 1 ? '' : `, weight ${weight}`}`;
  }
}
