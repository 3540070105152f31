/** The target with the fewest calls under way from this process, for its weight. */
import type { Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import type { Busy } from '../signals/busy.ts';
import type { Strategy } from '../strategy.ts';

export class LeastBusy implements Strategy {
  readonly #busy: Busy;

  constructor(busy: Busy) {
    this.#busy = busy;
  }

  score(targets: readonly Target[], _asked: Asked, scores: Float64Array): void {
    for (let at = 0; at < targets.length; at++) {
      const { id, weight } = targets[at] as Target;
      scores[at] = weight > 0 ? this.#busy.of(id) / weight : Infinity;
    }
  }

  reason({ id, weight }: Target): string {
    return `${this.#busy.of(id)} under way${weight === 1 ? '' : `, weight ${weight}`}`;
  }
}
