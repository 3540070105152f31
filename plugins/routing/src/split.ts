/** Gives each part of the traffic of a model to one group of its targets, in fixed shares. */
import type { Target } from '@gatewright/core';
import type { Asked } from './asked.ts';
import { hashText, unitOf } from './hash.ts';
import type { Sessions } from './session.ts';
import type { Strategy } from './strategy.ts';

export interface SplitOptions {
  /** Per cent by group; they add up to 100. */
  readonly shares: Readonly<Record<string, number>>;
  /** The same session, or, where a request has none, the same key, always comes to the same group. */
  readonly sticky: boolean;
}

export class Split implements Strategy {
  readonly #shares: readonly (readonly [group: string, share: number])[];
  readonly #sticky: boolean;
  readonly #groupOf: (target: Target) => string;
  readonly #sessions: Sessions;
  readonly #random: () => number;

  constructor(
    { shares, sticky }: SplitOptions,
    groupOf: (target: Target) => string,
    sessions: Sessions,
    random: () => number,
  ) {
    this.#shares = Object.entries(shares);
    this.#sticky = sticky;
    this.#groupOf = groupOf;
    this.#sessions = sessions;
    this.#random = random;
  }

  /** The targets of the group that the request falls to, then the others. */
  score(targets: readonly Target[], asked: Asked, scores: Float64Array, first?: Target): void {
    const group = first === undefined ? this.#choose(asked) : this.#groupOf(first);
    for (let at = 0; at < targets.length; at++) scores[at] = this.#groupOf(targets[at] as Target) === group ? 0 : 1;
  }

  /** `stable (95 %)`, for a target. */
  reason(target: Target): string {
    const group = this.#groupOf(target);
    const share = this.#shares.find(([name]) => name === group)?.[1] ?? 0;
    return `${group} ${share} %`;
  }

  #choose(asked: Asked): string | undefined {
    let mark = (this.#sticky ? this.#fixed(asked) : this.#random()) * 100;
    for (const [group, share] of this.#shares) {
      mark -= share;
      if (mark < 0) return group;
    }
    return this.#shares.findLast(([, share]) => share > 0)?.[0];
  }

  /** From 0 up to, not including, 1; of another kind for each model, so that not always the same callers get what is new. */
  #fixed(asked: Asked): number {
    const session = this.#sessions.of(asked)?.hash ?? hashText(asked.identity.key);
    return 1 - unitOf(session, hashText(asked.model));
  }
}
