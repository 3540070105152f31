/** Each target in turn, in the order of the configuration. */
import type { Target } from '@gatewright/core';
import type { Strategy } from '../strategy.ts';
import type { Asked } from '../asked.ts';
import type { Ordered } from './ordered.ts';

export class RoundRobin implements Strategy {
  readonly #ordered: Ordered;
  readonly #turns: { next: number };

  /** `turns`, the place of whose turn it is, is kept through a reload. */
  constructor(ordered: Ordered, turns: { next: number }) {
    this.#ordered = ordered;
    this.#turns = turns;
  }

  score(targets: readonly Target[], asked: Asked, scores: Float64Array, first?: Target): void {
    const { size } = this.#ordered;
    const next = first === undefined ? this.#turns.next % size : this.#ordered.place(first);
    let nearest = size;
    for (let at = 0; at < targets.length; at++) {
      const place = this.#ordered.place(targets[at] as Target);
      const away = place < next ? place + size - next : place - next;
      scores[at] = away;
      if (away < nearest) nearest = away;
    }
    // Nobody's turn is used up by a request that is only explained, nor where the others follow who is first.
    if (first === undefined && asked.trace === undefined) this.#turns.next = (next + nearest + 1) % size;
  }
}
