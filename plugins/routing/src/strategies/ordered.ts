/** Always in the order of the configuration: the first one that works gets everything. */
import type { Target } from '@gatewright/core';
import { BoundedMap } from '../bounded-map.ts';
import { ranked, scoresFor } from '../rank.ts';
import type { Strategy } from '../strategy.ts';

export class Ordered implements Strategy {
  readonly #ids: readonly string[];
  /** By the target itself, which is found faster than its name. */
  readonly #places = new BoundedMap<number, Target>();

  /** `ids` of the targets in the order of the configuration, stars of patterns included; of two alike the first counts. */
  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  order(targets: readonly Target[]): readonly Target[] {
    const scores = scoresFor(targets.length);
    for (let at = 0; at < targets.length; at++) scores[at] = this.#place(targets[at] as Target);
    return ranked(targets, scores);
  }

  reason(target: Target): string {
    return `no. ${this.#place(target) + 1} in the configuration`;
  }

  #place(target: Target): number {
    let place = this.#places.get(target);
    if (place === undefined) this.#places.set(target, (place = this.#find(target)));
    return place;
  }

  /** A target of a pattern has the client's word where the configuration has a star: its place is that of its provider. */
  #find({ id, provider }: Target): number {
    const place = this.#ids.indexOf(id);
    if (place >= 0) return place;
    const pattern = this.#ids.findIndex((known) => known.startsWith(`${provider}/`) && known.includes('*'));
    return pattern < 0 ? this.#ids.length : pattern;
  }
}
