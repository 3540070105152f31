/** A histogram with labels whose series are observed directly: prom-client writes it out, but is not on the hot path. */
import type { Metric } from 'prom-client';
import { seriesKey, type Labels } from './labels.ts';

/** One series of a histogram. */
export class HistogramSeries {
  readonly labels: Labels;
  readonly #bounds: readonly number[];
  /** How many observations fell into each bucket; the last has no bound. */
  readonly #counts: number[];
  #sum = 0;

  constructor(labels: Labels, bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  /** Counts a value. What is no number would spoil the sum for good, and is left out. */
  observe(value: number): void {
    if (!Number.isFinite(value)) return;
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] as number)) index++;
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#sum += value;
  }

  /** Whether anything was observed. */
  get empty(): boolean {
    return this.#counts.every((count) => count === 0);
  }

  /** The lines of the series: buckets hold all that is below their bound, too. */
  values(name: string): object[] {
    let below = 0;
    const buckets = this.#counts.map((count, index) => {
      below += count;
      const le = this.#bounds[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { ...this.labels, le }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: this.labels, value: this.#sum },
      { metricName: `${name}_count`, labels: this.labels, value: below },
    ];
  }
}

export interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, rising. */
  readonly bounds: readonly number[];
}

export class HistogramFamily {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, HistogramSeries>();

  constructor({ name, help, bounds }: HistogramOptions) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
  }

  /** The series of these labels; the same each time, to be kept by whoever observes with it. */
  series(labels: Labels): HistogramSeries {
    const key = seriesKey(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = new HistogramSeries(labels, this.#bounds);
      this.#series.set(key, series);
    }
    return series;
  }

  /** What prom-client asks of a metric. */
  get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    const seen = [...this.#series.values()].filter((series) => !series.empty);
    const values = seen.flatMap((series) => series.values(name));
    return Promise.resolve({ name, help, type, aggregator, values });
  }

  /** This, as prom-client's types want it: a registry asks nothing of a metric but its name and {@link get}. */
  asMetric(): Metric {
    return this as unknown as Metric;
  }
}
