/** Each target in turn, in the order of the configuration. */
import type { Target } from '@gatewright/core';
import type { Strategy } from '../strategy.ts';
import type { Asked } from '../asked.ts';

export class RoundRobin implements Strategy {
  readonly #ordered: Strategy;
  readonly #turns: { next: number };

  /** `turns` is kept through a reload. */
  constructor(ordered: Strategy, turns: { next: number }) {
    this.#ordered = ordered;
    this.#turns = turns;
  }

  order(targets: readonly Target[], asked: Asked): readonly Target[] {
    const ordered = this.#ordered.order(targets, asked);
    const first = this.#turns.next % ordered.length;
    // Nobody's turn is used up by a request that is only explained.
    if (asked.trace === undefined) this.#turns.next = (first + 1) % ordered.length;
    return first === 0 ? ordered : [...ordered.slice(first), ...ordered.slice(0, first)];
  }
}
