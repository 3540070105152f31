/** Several strategies: the first decides, each next one among what those before it hold equal, and in the end chance. */
import { drawnFirst, type Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import { lowest, ranked, scoresFor } from '../rank.ts';
import type { Strategy } from '../strategy.ts';

export class Chain {
  readonly #strategies: readonly Strategy[];
  readonly #random: () => number;

  constructor(strategies: readonly Strategy[], random: () => number) {
    this.#strategies = strategies;
    this.#random = random;
  }

  /** Who is asked first. `drawn`: the targets come in a random order by their weights, which equal ones keep. */
  first(targets: readonly Target[], asked: Asked, drawn: boolean): Target | undefined {
    let equal = targets;
    for (const strategy of this.#strategies) {
      if (equal.length < 2) break;
      const scores = scoresFor(equal.length);
      strategy.score(equal, asked, scores);
      equal = lowest(equal, scores);
    }
    return drawn ? equal[0] : drawnFirst(equal, this.#random);
  }

  /** All of them, which come in a random order by their weights; `first`, where it is among them, in front. */
  order(targets: readonly Target[], asked: Asked, first = this.first(targets, asked, true)): readonly Target[] {
    // Each keeps the order of what it holds equal, so the one that counts most comes last.
    let ordered = targets;
    for (let at = this.#strategies.length - 1; at >= 0; at--) {
      const scores = scoresFor(ordered.length);
      this.#strategies[at]?.score(ordered, asked, scores, first);
      ordered = ranked(ordered, scores);
    }
    if (first === undefined || ordered[0] === first) return ordered;
    return [first, ...ordered.filter((target) => target !== first)];
  }

  reason(target: Target, asked: Asked): string | undefined {
    const reasons = this.#strategies.map((strategy) => strategy.reason?.(target, asked));
    const said = reasons.filter((reason) => reason !== undefined);
    return said.length === 0 ? undefined : said.join('; ');
  }
}
