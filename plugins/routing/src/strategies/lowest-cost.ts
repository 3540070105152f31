/** The target that would cost the least for a request of this size; those without a price come last. */
import { dollarsOf, type Clock, type Prices, type Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Strategy } from '../strategy.ts';
import { BYTES_PER_TOKEN } from '../tokens.ts';

/** How long what was reckoned is used, in milliseconds: prices change with the hour. */
const KEPT = 60_000;
/** Output of a request that does not say its most, in tokens. */
const USUAL_OUTPUT = 1000;

export class LowestCost implements Strategy {
  readonly #prices: Prices;
  readonly #clock: Clock;
  /** The logarithm of the nano-dollars, for requests of about one size: prices that lie far apart rank faster so. */
  readonly #costs = new Map<number, BoundedMap<number, Target>>();
  #until = 0;

  constructor(prices: Prices, clock: Clock) {
    this.#prices = prices;
    this.#clock = clock;
  }

  score(targets: readonly Target[], asked: Asked, scores: Float64Array): void {
    const size = sizeOf(asked);
    const costs = this.#costsFor(size);
    for (let at = 0; at < targets.length; at++) {
      const target = targets[at] as Target;
      scores[at] = costs.get(target) ?? this.#reckon(costs, target, size);
    }
  }

  reason(target: Target, asked: Asked): string {
    const { input, output } = sizeOf(asked);
    const nanos = this.#prices.bound(target, { input, output }, this.#clock.now());
    return nanos === undefined ? 'no price' : `at most ${dollarsOf(nanos)} for ${input} + ${output} tokens`;
  }

  #costsFor({ key }: Size): BoundedMap<number, Target> {
    const now = this.#clock.now();
    if (now >= this.#until) {
      this.#costs.clear();
      this.#until = now + KEPT;
    }
    let costs = this.#costs.get(key);
    if (costs === undefined) this.#costs.set(key, (costs = new BoundedMap()));
    return costs;
  }

  #reckon(costs: BoundedMap<number, Target>, target: Target, { input, output }: Size): number {
    const nanos = this.#prices.bound(target, { input, output }, this.#clock.now());
    const cost = nanos === undefined ? Infinity : Math.log1p(Number(nanos));
    costs.set(target, cost);
    return cost;
  }
}

interface Size {
  readonly input: number;
  readonly output: number;
  readonly key: number;
}

/** Rounded up to powers of two, so that what was reckoned for one request is of use for others. */
function sizeOf(asked: Asked): Size {
  const { bytes, maxOutput = USUAL_OUTPUT } = asked.size();
  const input = Math.ceil(Math.log2(Math.max(1, bytes / BYTES_PER_TOKEN)));
  const output = Math.ceil(Math.log2(Math.max(1, maxOutput)));
  return { input: 2 ** input, output: 2 ** output, key: input * 64 + output };
}
