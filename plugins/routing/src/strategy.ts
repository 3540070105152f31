/** What a strategy is: it says which of the targets of a model are asked sooner than others. */
import type { Target } from '@gatewright/core';
import type { Asked } from './asked.ts';

export interface Strategy {
  /**
   * Fills in how soon each target is to be asked: the lowest first, Infinity last. What gets the same is for the next strategy
   * to tell apart, and at last for chance. Must not change the targets. `scores` may be longer than they are.
   *
   * It runs to choose who is first, and again, with `first`, to put the others in order behind it, where somebody asks.
   */
  score(targets: readonly Target[], asked: Asked, scores: Float64Array, first?: Target): void;
  /** Why a target stands where it does, in a few words; undefined where there is nothing to say. */
  reason?(target: Target, asked: Asked): string | undefined;
}
