/** By chance, each target as often as its weight says: all are equal. */
import type { Strategy } from '../strategy.ts';

export const weighted: Strategy = {
  score(_targets, _asked, scores) {
    scores.fill(0);
  },
  reason: ({ weight }) => `weight ${weight}`,
};
