/** The hooks that run their taps one after another, on tapable with its traps closed. */
import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from 'tapable';
import type { GatewayError } from '../errors.ts';
import { outcomeOf } from './outcome.ts';
import type { Awaitable } from './points.ts';
import type { Tap, TraceHolder } from './tap.ts';

/** The first tap that answers with something decides. */
export class BailSeries<R> {
  readonly taps: readonly Tap[];
  readonly #hook: AsyncSeriesBailHook<[unknown, TraceHolder], unknown>;

  constructor(taps: readonly Tap[]) {
    this.taps = taps;
    this.#hook = new AsyncSeriesBailHook(['subject', 'exchange']);
    for (const tap of taps) {
      this.#hook.tapAsync(tap.spec.plugin.id, (subject, exchange, callback) => {
        tap.run(exchange, subject, exchange, undefined, callback);
      });
    }
  }

  /** Throws or rejects with a GatewayError that names the tap. */
  run(subject: unknown, exchange: TraceHolder): Awaitable<R | undefined> {
    return outcomeOf((done) => this.#hook.callAsync(subject, exchange, done as never));
  }
}

/** Each tap gets what the one before it answered. */
export class WaterfallSeries<T> {
  readonly taps: readonly Tap[];
  readonly #hook: AsyncSeriesWaterfallHook<[unknown, TraceHolder]>;

  constructor(taps: readonly Tap[]) {
    this.taps = taps;
    this.#hook = new AsyncSeriesWaterfallHook(['value', 'exchange']);
    for (const tap of taps) {
      this.#hook.tapAsync(tap.spec.plugin.id, (value, exchange, callback) => {
        tap.run(exchange, value, exchange, undefined, callback);
      });
    }
  }

  /** Throws or rejects with a GatewayError that names the tap. */
  run(value: T, exchange: TraceHolder): Awaitable<T> {
    return outcomeOf((done) => this.#hook.callAsync(value, exchange, done as never));
  }
}

/** Every tap runs, whatever the others do; failures are reported and end nothing. */
export class IsolatedSeries {
  readonly taps: readonly Tap[];
  readonly #hook: AsyncSeriesHook<[unknown, unknown, TraceHolder]>;

  constructor(taps: readonly Tap[], report: (error: GatewayError) => void) {
    this.taps = taps;
    this.#hook = new AsyncSeriesHook(['subject', 'detail', 'exchange']);
    for (const tap of taps) {
      this.#hook.tapAsync(tap.spec.plugin.id, (subject, detail, exchange, callback) => {
        tap.run(exchange, subject, detail, exchange, (error) => {
          if (error !== null) report(error);
          callback();
        });
      });
    }
  }

  run(subject: unknown, detail: unknown, exchange: TraceHolder): Awaitable<void> {
    return outcomeOf((done) => this.#hook.callAsync(subject, detail, exchange, done as never));
  }
}
