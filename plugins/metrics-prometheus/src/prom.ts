/** The parts of prom-client that are used, each loaded without what the others bring: all of it is 80 files, a tenth of a boot. */
import { createRequire } from 'node:module';
import type * as Prom from 'prom-client';

const load = createRequire(import.meta.url);

export const Registry = load('prom-client/lib/registry.js') as typeof Prom.Registry;
export type Registry = Prom.Registry;
export const Counter = load('prom-client/lib/counter.js') as typeof Prom.Counter;
export const Gauge = load('prom-client/lib/gauge.js') as typeof Prom.Gauge;

/** The metrics of the process. */
export function loadDefaults(): typeof Prom.collectDefaultMetrics {
  return load('prom-client/lib/defaultMetrics.js') as typeof Prom.collectDefaultMetrics;
}

/** What adds up the metrics of several processes. */
export function loadAggregator(): typeof Prom.AggregatorRegistry {
  return load('prom-client/lib/cluster.js') as typeof Prom.AggregatorRegistry;
}
