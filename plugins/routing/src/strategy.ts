/** What a strategy is: it says in which order the targets of a model are asked. */
import type { Target } from '@gatewright/core';
import type { Asked } from './asked.ts';

export interface Strategy {
  /**
   * The targets in the order in which they are to be asked. They come in a random order by their weights: what a strategy
   * holds equal stays as it came. It may leave targets out, and must not change its argument.
   */
  order(targets: readonly Target[], asked: Asked): readonly Target[];
  /** Why a target stands where it does, in a few words; undefined where there is nothing to say. */
  reason?(target: Target, asked: Asked): string | undefined;
}
