/** Always in the order of the configuration: the first one that works gets everything. */
import type { Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Strategy } from '../strategy.ts';

export class Ordered implements Strategy {
  readonly #ids: readonly string[];
  /** By the target itself, which is found faster than its name. */
  readonly #places = new BoundedMap<number, Target>();

  /** `ids` of the targets in the order of the configuration, stars of patterns included; of two alike the first counts. */
  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  score(targets: readonly Target[], _asked: Asked, scores: Float64Array): void {
    for (let at = 0; at < targets.length; at++) scores[at] = this.place(targets[at] as Target);
  }

  reason(target: Target): string {
    return `no. ${this.place(target) + 1} in the configuration`;
  }

  /** How many places there are; what nobody knows has the last. */
  get size(): number {
    return this.#ids.length + 1;
  }

  /** From 0. */
  place(target: Target): number {
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
