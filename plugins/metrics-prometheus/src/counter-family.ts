/** A counter with labels whose series are added to directly: prom-client writes it out, but is not on the hot path. */
import type { Metric } from 'prom-client';
import { seriesKey, type Labels } from './labels.ts';

/** One series of a counter. */
export interface CounterSeries {
  readonly labels: Labels;
  value: number;
}

export interface CounterOptions {
  readonly name: string;
  readonly help: string;
  /** What a value is divided by when it is written: sums stay integers until then. Default 1. */
  readonly divisor?: number;
  /** Runs before the values are written. */
  readonly collect?: () => void;
}

export class CounterFamily {
  readonly name: string;
  readonly help: string;
  readonly type = 'counter';
  readonly aggregator = 'sum';
  readonly #divisor: number;
  readonly #collect: (() => void) | undefined;
  readonly #series = new Map<string, CounterSeries>();

  constructor({ name, help, divisor = 1, collect }: CounterOptions) {
    this.name = name;
    this.help = help;
    this.#divisor = divisor;
    this.#collect = collect;
  }

  /** The series of these labels; the same each time, to be kept by whoever adds to it. */
  series(labels: Labels): CounterSeries {
    const key = seriesKey(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels, value: 0 };
      this.#series.set(key, series);
    }
    return series;
  }

  /** What prom-client asks of a metric. */
  get(): Promise<object> {
    this.#collect?.();
    const { name, help, type, aggregator } = this;
    const values = [...this.#series.values()].map(({ labels, value }) => ({ labels, value: value / this.#divisor }));
    return Promise.resolve({ name, help, type, aggregator, values });
  }

  /** This, as prom-client's types want it: a registry asks nothing of a metric but its name and {@link get}. */
  asMetric(): Metric {
    return this as unknown as Metric;
  }
}
