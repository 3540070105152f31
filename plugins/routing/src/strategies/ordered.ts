/** Always in the order of the configuration: the first one that works gets everything. */
import type { Target } from '@gatewright/core';
import { ranked } from '../rank.ts';
import type { Strategy } from '../strategy.ts';

export class Ordered implements Strategy {
  readonly #places: ReadonlyMap<string, number>;

  /** `places`: the ids of the targets in the order of the configuration, stars of patterns included. */
  constructor(places: readonly string[]) {
    // Of two with the same id the first counts.
    this.#places = new Map(places.map((id, place) => [id, place] as const).toReversed());
  }

  order(targets: readonly Target[]): readonly Target[] {
    return ranked(
      targets,
      Float64Array.from(targets, (target) => this.#place(target)),
    );
  }

  reason(target: Target): string {
    return `no. ${this.#place(target) + 1} in the configuration`;
  }

  /** A target of a pattern has the client's word where the configuration has a star: its place is that of its provider. */
  #place({ id, provider }: Target): number {
    const place = this.#places.get(id);
    if (place !== undefined) return place;
    for (const [known, at] of this.#places) if (known.startsWith(`${provider}/`) && known.includes('*')) return at;
    return this.#places.size;
  }
}
