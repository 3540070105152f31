/** The target that has answered fastest of late; those that nobody knows of late are tried, one request at a time. */
import type { Clock, Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import type { Latencies } from '../signals/latencies.ts';
import type { Strategy } from '../strategy.ts';

export class LowestLatency implements Strategy {
  readonly #latencies: Latencies;
  readonly #tolerance: number;
  readonly #clock: Clock;

  /** `tolerance`: how much slower than the fastest counts as equally fast, as a part of its time. */
  constructor(latencies: Latencies, tolerance: number, clock: Clock) {
    this.#latencies = latencies;
    this.#tolerance = tolerance;
    this.#clock = clock;
  }

  score(targets: readonly Target[], { stream, trace }: Asked, scores: Float64Array, first?: Target): void {
    const now = this.#clock.monotonic();
    let fastest = Infinity;
    let unknown = -1;
    for (let at = 0; at < targets.length; at++) {
      const { id, weight } = targets[at] as Target;
      const mean = weight > 0 ? this.#latencies.of(id, stream, now) : Infinity;
      // Nothing is known: behind all others, but for the one that this request tries.
      scores[at] = mean ?? Infinity;
      if (mean === undefined) {
        if (unknown < 0 && first === undefined && this.#latencies.mayTry(id, now)) unknown = at;
      } else if (mean < fastest) fastest = mean;
    }
    const equal = fastest * (1 + this.#tolerance);
    // Where nobody is known, nobody is fast.
    if (fastest < Infinity) {
      for (let at = 0; at < targets.length; at++) if ((scores[at] as number) <= equal) scores[at] = 0;
    }
    if (unknown >= 0) {
      scores[unknown] = -1;
      if (trace === undefined) this.#latencies.trying((targets[unknown] as Target).id, now);
    }
  }

  reason({ id }: Target, { stream }: Asked): string {
    const mean = this.#latencies.of(id, stream, this.#clock.monotonic());
    return mean === undefined ? 'not known of late' : `${Math.round(mean)} ms`;
  }
}
