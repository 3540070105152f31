/** All metrics of a gateway; they outlive its reloads. */
import { ExchangeMetrics } from './exchange-metrics.ts';
import { HealthMetrics } from './health-metrics.ts';
import { HookMetrics } from './hook-metrics.ts';
import { LoadMetrics } from './load-metrics.ts';
import type { MetricsOptions } from './options.ts';
import { loadAggregator, loadDefaults, Registry } from './prom.ts';
import { RequestsInFlight } from './requests-in-flight.ts';

/** Metrics with their values, as prom-client writes them down. */
export type Snapshot = readonly {
  readonly name: string;
  readonly type: string;
}[];

/** What only grows. */
const COUNTED: ReadonlySet<string> = new Set(['counter', 'histogram', 'summary']);

export class MetricSet {
  readonly exchanges: ExchangeMetrics;
  readonly health: HealthMetrics;
  readonly hooks: HookMetrics;
  readonly inFlight: RequestsInFlight;
  readonly load: LoadMetrics;
  readonly #own: Registry;
  readonly #options: MetricsOptions;
  #all: Registry | undefined;
  #inherited: Snapshot = [];

  constructor(options: MetricsOptions) {
    const own = new Registry();
    this.#own = own;
    this.#options = options;
    this.exchanges = new ExchangeMetrics(own, options);
    this.health = new HealthMetrics(own, options.series);
    this.hooks = new HookMetrics(own);
    this.inFlight = new RequestsInFlight(own);
    this.load = new LoadMetrics(own);
  }

  /** Begins to watch the process, where that is wanted. What is not watched by then is when the metrics are first read. */
  watchProcess(): void {
    this.#all ??= this.#registryOfAll();
  }

  get contentType(): string {
    return this.#own.contentType;
  }

  /** Whether counts of processes that are gone are among those of this one. */
  get hasInherited(): boolean {
    return this.#inherited.length > 0;
  }

  /** Takes the counts of processes that are gone. What they had open, or used of the machine, is gone with them. Answers those counts. */
  inherit(left: readonly Snapshot[]): Snapshot {
    const counts = left.flatMap((snapshot) => snapshot.filter(({ type }) => COUNTED.has(type)));
    this.#inherited = sumOf([this.#inherited, counts]);
    return counts;
  }

  /** All values, as another process can add them to its own. */
  async snapshot(): Promise<Snapshot> {
    const own = (await this.#registry.getMetricsAsJSON()) as unknown as Snapshot;
    return this.hasInherited ? [...own, ...this.#inherited] : own;
  }

  /** Everything, in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get #registry(): Registry {
    this.#all ??= this.#registryOfAll();
    return this.#all;
  }

  #registryOfAll(): Registry {
    const { process, labels } = this.#options;
    const all = process ? Registry.merge([this.#own, processMetrics()]) : this.#own;
    all.setDefaultLabels(labels);
    return all;
  }
}

let processRegistry: Registry | undefined;

/** The process has its metrics once, however many gateways it holds: their observers can't be stopped. */
function processMetrics(): Registry {
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    loadDefaults()({ register: processRegistry });
  }
  return processRegistry;
}

/** Several lists as one, with what is in more than one of them added up. */
function sumOf(lists: readonly Snapshot[]): Snapshot {
  const registry = loadAggregator().aggregate(lists as unknown as object[]);
  const metrics = registry.getMetricsAsArray() as unknown as (Snapshot[number] & { readonly get: unknown })[];
  // A function cannot go to another process.
  return metrics.map(({ get: _get, ...values }) => values);
}
