/** By chance, each target as often as its weight says: the order that the core gives. */
import type { Strategy } from '../strategy.ts';

export const weighted: Strategy = {
  order: (targets) => targets,
  reason: ({ weight }) => `weight ${weight}`,
};
