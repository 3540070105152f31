/** The targets that are for what the request is tagged with; then those that are for everybody. */
import type { Target } from '@gatewright/core';
import { headerOf, type Asked } from '../asked.ts';
import type { Strategy } from '../strategy.ts';

export class Tags implements Strategy {
  readonly #tagsOf: (target: Target) => readonly string[] | undefined;
  readonly #header: string | undefined;

  /** `header`: in which clients may name tags; undefined where only those of the caller's key count. */
  constructor(tagsOf: (target: Target) => readonly string[] | undefined, header: string | undefined) {
    this.#tagsOf = tagsOf;
    this.#header = header;
  }

  order(targets: readonly Target[], asked: Asked): readonly Target[] {
    const wanted = this.#wanted(asked);
    const fitting: Target[] = [];
    const open: Target[] = [];
    for (const target of targets) {
      const tags = this.#tagsOf(target);
      if (tags === undefined) open.push(target);
      else if (wanted.length > 0 && tags.some((tag) => wanted.includes(tag))) fitting.push(target);
    }
    return fitting.length === 0 ? open : open.length === 0 ? fitting : [...fitting, ...open];
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
