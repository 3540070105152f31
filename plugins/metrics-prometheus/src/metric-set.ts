/** All metrics of a gateway; they outlive its reloads. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { ExchangeMetrics } from './exchange-metrics.ts';
import { HookMetrics } from './hook-metrics.ts';
import { LoadMetrics } from './load-metrics.ts';
import type { MetricsOptions } from './options.ts';
import { RequestsInFlight } from './requests-in-flight.ts';

export class MetricSet {
  readonly exchanges: ExchangeMetrics;
  readonly hooks: HookMetrics;
  readonly inFlight: RequestsInFlight;
  readonly load: LoadMetrics;
  readonly #registry: Registry;

  constructor(options: MetricsOptions) {
    const own = new Registry();
    this.exchanges = new ExchangeMetrics(own, options);
    this.hooks = new HookMetrics(own);
    this.inFlight = new RequestsInFlight(own);
    this.load = new LoadMetrics(own);
    this.#registry = options.process ? Registry.merge([own, processMetrics()]) : own;
    this.#registry.setDefaultLabels(options.labels);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

let processRegistry: Registry | undefined;

/** The process has its metrics once, however many gateways it holds: their observers can't be stopped. */
function processMetrics(): Registry {
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}
