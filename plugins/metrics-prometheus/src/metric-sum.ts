/** The metrics of all processes that serve a gateway, as one. */
import type { Peers } from '@gatewright/core';
import type { MetricSet, Snapshot } from './metric-set.ts';
import { loadAggregator } from './prom.ts';

export class MetricSum {
  readonly #own: MetricSet;
  readonly #peers: Peers;

  constructor(own: MetricSet, peers: Peers) {
    this.#own = own;
    this.#peers = peers;
  }

  get contentType(): string {
    return this.#own.contentType;
  }

  /** What every process counted, those that are gone included: a sum that fell would look like a start from nothing. */
  async text(): Promise<string> {
    const { living, left } = (await this.#peers.ask()) as { living: readonly Snapshot[]; left: readonly Snapshot[] };
    if (living.length <= 1 && left.length === 0 && !this.#own.hasInherited) return this.#own.text();
    // What was left is handed out once: from now on it is among what this process answers.
    const counted = this.#own.inherit(left);
    return loadAggregator()
      .aggregate([...living, counted] as object[])
      .metrics();
  }
}
