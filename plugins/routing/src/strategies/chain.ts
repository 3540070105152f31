/** Several strategies: the first decides, and each next one among what those before it hold equal. */
import type { Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import type { Strategy } from '../strategy.ts';

export class Chain implements Strategy {
  readonly #strategies: readonly Strategy[];

  constructor(strategies: readonly Strategy[]) {
    this.#strategies = strategies.toReversed();
  }

  order(targets: readonly Target[], asked: Asked): readonly Target[] {
    // Each keeps the order of what it holds equal, so the one that counts most comes last.
    let ordered = targets;
    for (const strategy of this.#strategies) if (ordered.length > 0) ordered = strategy.order(ordered, asked);
    return ordered;
  }

  reason(target: Target, asked: Asked): string {
    const reasons = this.#strategies.toReversed().map((strategy) => strategy.reason?.(target, asked));
    return reasons.filter((reason) => reason !== undefined).join('; ');
  }
}
