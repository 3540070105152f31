/** How often every tap of every plugin ran, how long it took and how often it failed. */
import type { HookStats } from '@gatewright/core';
import type { Registry } from 'prom-client';
import { CounterFamily } from './counter-family.ts';

type Source = () => readonly HookStats[];

/** Sums over kernels: what a kernel that was replaced has counted stays counted. */
export class HookMetrics {
  readonly #calls: CounterFamily;
  readonly #errors: CounterFamily;
  readonly #time: CounterFamily;
  readonly #live = new Set<Source>();
  readonly #retired = new Map<string, HookStats>();

  constructor(registry: Registry) {
    // The first that is written brings all three up to date.
    const collect = (): void => this.#collect();
    this.#calls = new CounterFamily({ name: 'gatewright_hook_calls_total', help: 'How often taps were run.', collect });
    this.#errors = new CounterFamily({ name: 'gatewright_hook_errors_total', help: 'How often taps failed.' });
    this.#time = new CounterFamily({
      name: 'gatewright_hook_seconds_total',
      help: 'How long taps took, waiting included.',
      divisor: 1000,
    });
    for (const family of [this.#calls, this.#errors, this.#time]) registry.registerMetric(family.asMetric());
  }

  /** Takes in the taps of a kernel. The answer lets go of them, and keeps what they have counted. */
  watch(source: Source): () => void {
    this.#live.add(source);
    return () => {
      if (this.#live.delete(source)) addAll(this.#retired, source());
    };
  }

  #collect(): void {
    const sums = new Map<string, HookStats>();
    addAll(sums, this.#retired.values());
    for (const source of this.#live) addAll(sums, source());
    for (const { plugin, hook, calls, errors, time } of sums.values()) {
      const labels = { plugin, hook };
      this.#calls.series(labels).value = calls;
      this.#errors.series(labels).value = errors;
      this.#time.series(labels).value = time;
    }
  }
}

function addAll(sums: Map<string, HookStats>, stats: Iterable<HookStats>): void {
  for (const { plugin, hook, calls, errors, time } of stats) {
    const key = `${plugin}\n${hook}`;
    const sum = sums.get(key) ?? { plugin, hook, calls: 0, errors: 0, time: 0 };
    sum.calls += calls;
    sum.errors += errors;
    sum.time += time;
    sums.set(key, sum);
  }
}
