/** The targets that are for what the request is tagged with; then those that are for everybody; others not at all. */
import type { Target } from '@gatewright/core';
import { headerOf, type Asked } from '../asked.ts';
import type { Check, Judgement } from '../checks/check.ts';
import type { Strategy } from '../strategy.ts';

export class Tags implements Strategy, Check {
  readonly name = 'tags';
  readonly #tagsOf: (target: Target) => readonly string[] | undefined;
  readonly #header: string | undefined;

  /** `header`: in which clients may name tags; undefined where only those of the caller's key count. */
  constructor(tagsOf: (target: Target) => readonly string[] | undefined, header: string | undefined) {
    this.#tagsOf = tagsOf;
    this.#header = header;
  }

  /** Targets that are for others are left out, whatever else decides. */
  look(targets: readonly Target[], asked: Asked): Judgement | undefined {
    const wanted = this.#wanted(asked);
    const isForOthers = (target: Target): boolean => {
      const tags = this.#tagsOf(target);
      return tags !== undefined && !tags.some((tag) => wanted.includes(tag));
    };
    if (!targets.some(isForOthers)) return undefined;
    return (target) => (isForOthers(target) ? this.reason(target, asked) : undefined);
  }

  /** Of those that were left: all that have tags have one that fits. */
  score(targets: readonly Target[], _asked: Asked, scores: Float64Array): void {
    for (let at = 0; at < targets.length; at++) {
      scores[at] = this.#tagsOf(targets[at] as Target) === undefined ? 1 : 0;
    }
  }

  reason(target: Target, asked: Asked): string {
    const tags = this.#tagsOf(target);
    if (tags === undefined) return 'for everybody';
    const wanted = this.#wanted(asked);
    return `for ${tags.join(', ')}; asked for ${wanted.length === 0 ? 'nothing' : wanted.join(', ')}`;
  }

  #wanted(asked: Asked): readonly string[] {
    const { tags = [] } = asked.identity;
    const named = this.#header === undefined ? undefined : headerOf(asked, this.#header);
    return named === undefined ? tags : [...tags, ...named.split(',').map((tag) => tag.trim())];
  }
}
