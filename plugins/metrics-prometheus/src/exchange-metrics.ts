/** Counts finished exchanges. */
import {
  NO_USAGE,
  type AttemptRecord,
  type ExchangeRecord,
  type Identity,
  type Usage,
  type UsageUnits,
} from '@gatewright/core';
import type { Registry } from 'prom-client';
import { CounterFamily, type CounterSeries } from './counter-family.ts';
import { HistogramFamily, type HistogramSeries } from './histogram-family.ts';
import { TupleCache, type Labels } from './labels.ts';
import { ModelNames } from './model-names.ts';
import type { MetricsOptions } from './options.ts';

type TokenClass = Exclude<keyof Usage, 'raw' | 'units'>;

const CLASSES = Object.keys(NO_USAGE) as TokenClass[];

/** Nano-dollars in a dollar. */
const NANOS = 1e9;

interface RequestSeries {
  readonly requests: CounterSeries;
  readonly duration: HistogramSeries;
  readonly firstToken: HistogramSeries;
  readonly overhead: HistogramSeries;
}

interface AttemptSeries {
  readonly attempts: CounterSeries;
  readonly duration: HistogramSeries;
  readonly firstToken: HistogramSeries;
}

/** Made when there is something to count, so that there is no series of zeros for every class that a model never has. */
interface UsageSeries {
  readonly labels: Labels;
  readonly tokens: Partial<Record<TokenClass, CounterSeries>>;
  readonly units: Partial<Record<keyof UsageUnits, CounterSeries>>;
  cost: CounterSeries | undefined;
}

export class ExchangeMetrics {
  readonly #families: ReturnType<typeof familiesOf>;
  readonly #models = new ModelNames();
  readonly #by: MetricsOptions['by'];
  readonly #requests: TupleCache<RequestSeries>;
  readonly #attempts: TupleCache<AttemptSeries>;
  readonly #usages: TupleCache<UsageSeries>;
  readonly #errors: TupleCache<CounterSeries>;
  /** The label values that are looked up, in the same arrays for every exchange. */
  readonly #request: string[] = [];
  readonly #attempt: string[] = [];
  readonly #usage: string[] = [];

  constructor(registry: Registry, { buckets, by, series }: MetricsOptions) {
    const families = familiesOf(buckets);
    for (const family of Object.values(families)) registry.registerMetric(family.asMetric());
    this.#families = families;
    this.#by = by;
    this.#requests = new TupleCache(series, (values) => this.#requestSeries(values));
    this.#attempts = new TupleCache(series, (values) => this.#attemptSeries(values));
    this.#usages = new TupleCache(series, (values) => usageSeries(values, by));
    this.#errors = new TupleCache(series, ([code = '']) => families.errors.series({ code }));
  }

  /** Counts an exchange. */
  add(record: ExchangeRecord): void {
    const { attempts, error, timeToFirstToken } = record;
    const model = this.#models.label(record.model, attempts.length > 0);
    const { operation, surface = 'none', result } = record;
    const tuple = this.#request;
    tuple[0] = operation;
    tuple[1] = surface;
    tuple[2] = record.stream ? 'true' : 'false';
    tuple[3] = String(record.status);
    tuple[4] = result;
    tuple[5] = model;
    const series = this.#requests.get(tuple);
    series.requests.value++;
    series.duration.observe(record.duration / 1000);
    series.overhead.observe(record.overhead / 1000);
    if (timeToFirstToken !== undefined) series.firstToken.observe(timeToFirstToken / 1000);
    if (error !== undefined) this.#errors.get([error.code]).value++;
    for (const attempt of attempts) this.#addAttempt(attempt, record.identity);
  }

  #addAttempt(attempt: AttemptRecord, identity: Identity): void {
    const { provider, model, result, status, usage, cost, timeToFirstToken } = attempt;
    const tuple = this.#attempt;
    tuple[0] = result;
    tuple[1] = String(status);
    tuple[2] = provider;
    tuple[3] = model;
    const series = this.#attempts.get(tuple);
    series.attempts.value++;
    series.duration.observe(attempt.duration / 1000);
    if (timeToFirstToken !== undefined) series.firstToken.observe(timeToFirstToken / 1000);
    if (usage === undefined && cost === undefined) return;
    const who = this.#usage;
    for (let at = 0; at < this.#by.length; at++) who[at] = identity[this.#by[at] as 'key'] ?? '';
    who[this.#by.length] = provider;
    who[this.#by.length + 1] = model;
    const used = this.#usages.get(who);
    if (usage !== undefined) this.#addTokens(used, usage);
    if (cost === undefined) return;
    used.cost ??= this.#families.cost.series(used.labels);
    used.cost.value += Number(cost.nanos);
  }

  #addTokens(used: UsageSeries, usage: Usage): void {
    const { tokens, units } = this.#families;
    for (const name of CLASSES) {
      if (!isCount(usage[name])) continue;
      const series = (used.tokens[name] ??= tokens.series({ ...used.labels, class: snakeCase(name) }));
      series.value += usage[name];
    }
    if (usage.units === undefined) return;
    for (const [name, count] of Object.entries(usage.units) as [keyof UsageUnits, number][]) {
      if (!isCount(count)) continue;
      const series = (used.units[name] ??= units.series({ ...used.labels, unit: name }));
      series.value += count;
    }
  }

  #requestSeries([operation = '', surface = '', stream = '', status = '', result = '', model = '']: readonly string[]) {
    const { requests, duration, firstToken, overhead } = this.#families;
    return {
      requests: requests.series({ operation, surface, model, status, result }),
      duration: duration.series({ operation, model, stream }),
      firstToken: firstToken.series({ operation, model }),
      overhead: overhead.series({ operation, stream }),
    };
  }

  #attemptSeries([result = '', status = '', provider = '', model = '']: readonly string[]): AttemptSeries {
    const { attempts, upstreamDuration, upstreamFirstToken } = this.#families;
    return {
      attempts: attempts.series({ provider, model, result, status }),
      duration: upstreamDuration.series({ provider, model }),
      firstToken: upstreamFirstToken.series({ provider, model }),
    };
  }
}

/** A provider that reports nonsense must not break the counters: they only ever rise. */
function isCount(value: number): boolean {
  return value > 0 && value < Number.MAX_SAFE_INTEGER;
}

function usageSeries(values: readonly string[], by: MetricsOptions['by']): UsageSeries {
  const caller = Object.fromEntries(by.map((name, index) => [name, values[index] ?? '']));
  const [provider = '', model = ''] = values.slice(by.length);
  return { labels: { provider, model, ...caller }, tokens: {}, units: {}, cost: undefined };
}

/** `cacheWrite5m` is `cache_write_5m`. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);
}

function counter(name: string, help: string, divisor = 1): CounterFamily {
  return new CounterFamily({ name: `gatewright_${name}`, help, divisor });
}

function histogram(name: string, bounds: readonly number[], help: string): HistogramFamily {
  return new HistogramFamily({ name: `gatewright_${name}`, help, bounds });
}

function familiesOf({ duration, firstToken, overhead }: MetricsOptions['buckets']) {
  return {
    requests: counter('requests_total', 'Exchanges that have ended.'),
    attempts: counter('attempts_total', 'Calls to targets that have ended.'),
    tokens: counter('tokens_total', 'Tokens that providers reported, each in one class.'),
    units: counter('units_total', 'Searches, images, characters and seconds of sound that providers counted.'),
    cost: counter('cost_usd_total', 'What attempts cost, in US dollars.', NANOS),
    errors: counter('errors_total', 'Exchanges that ended with an error, by its code.'),
    duration: histogram('request_duration_seconds', duration, 'From the first byte in to the last byte out.'),
    firstToken: histogram('time_to_first_token_seconds', firstToken, 'To the first content for the client.'),
    overhead: histogram('overhead_seconds', overhead, 'What the gateway added: time not spent on providers.'),
    upstreamDuration: histogram('upstream_duration_seconds', duration, 'How long calls to targets took.'),
    upstreamFirstToken: histogram(
      'upstream_time_to_first_token_seconds',
      firstToken,
      'To the first content of a target.',
    ),
  };
}
