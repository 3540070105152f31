/** The hooks that run their taps one after another: in a row while they answer at once, by tapable behind one that is waited for. */
import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from 'tapable';
import type { GatewayError } from '../errors.ts';
import { outcomeOf } from './outcome.ts';
import type { Awaitable } from './points.ts';
import type { Tap, TraceHolder } from './tap.ts';

/** The first tap that answers with something decides. */
export class BailSeries<R> {
  readonly taps: readonly Tap[];
  readonly #tails: Tails<AsyncSeriesBailHook<[unknown, TraceHolder], unknown>>;

  constructor(taps: readonly Tap[]) {
    this.taps = taps;
    this.#tails = new Tails(taps, () => new AsyncSeriesBailHook(['subject', 'exchange']), join);
  }

  /** Throws or rejects with a GatewayError that names the tap. */
  run(subject: unknown, exchange: TraceHolder): Awaitable<R | undefined> {
    const { taps } = this;
    for (let at = 0; at < taps.length; at++) {
      const answer = taps[at]?.ask(exchange, subject, exchange);
      if (answer instanceof Promise) return this.#later(answer, at + 1, subject, exchange);
      if (answer !== undefined) return answer as R;
    }
    return undefined;
  }

  async #later(waiting: Promise<unknown>, next: number, subject: unknown, exchange: TraceHolder) {
    const answer = await waiting;
    if (answer !== undefined || next === this.taps.length) return answer as R | undefined;
    const tail = this.#tails.from(next);
    return outcomeOf<R | undefined>((done) => tail.callAsync(subject, exchange, done as never));
  }
}

/** Each tap gets what the one before it answered. */
export class WaterfallSeries<T> {
  readonly taps: readonly Tap[];
  readonly #tails: Tails<AsyncSeriesWaterfallHook<[unknown, TraceHolder]>>;

  constructor(taps: readonly Tap[]) {
    this.taps = taps;
    this.#tails = new Tails(taps, () => new AsyncSeriesWaterfallHook(['value', 'exchange']), join);
  }

  /** Throws or rejects with a GatewayError that names the tap. */
  run(value: T, exchange: TraceHolder): Awaitable<T> {
    const { taps } = this;
    let current: unknown = value;
    for (let at = 0; at < taps.length; at++) {
      const answer = taps[at]?.ask(exchange, current, exchange);
      if (answer instanceof Promise) return this.#later(answer, at + 1, current, exchange);
      if (answer !== undefined) current = answer;
    }
    return current as T;
  }

  async #later(waiting: Promise<unknown>, next: number, before: unknown, exchange: TraceHolder) {
    const value = (await waiting) ?? before;
    if (next === this.taps.length) return value as T;
    const tail = this.#tails.from(next);
    return outcomeOf<T>((done) => tail.callAsync(value, exchange, done as never));
  }
}

/** Every tap runs, whatever the others do; failures are reported and end nothing. */
export class IsolatedSeries {
  readonly taps: readonly Tap[];
  readonly #tails: Tails<AsyncSeriesHook<[unknown, unknown, TraceHolder]>>;
  readonly #report: (error: GatewayError) => void;

  constructor(taps: readonly Tap[], report: (error: GatewayError) => void) {
    this.taps = taps;
    this.#report = report;
    this.#tails = new Tails(
      taps,
      () => new AsyncSeriesHook(['subject', 'detail', 'exchange']),
      (hook, tap) => {
        hook.tapAsync(tap.spec.plugin.id, (subject, detail, exchange, callback) => {
          tap.run(exchange, subject, detail, exchange, (error) => {
            if (error !== null) report(error);
            callback();
          });
        });
      },
    );
  }

  run(subject: unknown, detail: unknown, exchange: TraceHolder): Awaitable<void> {
    const { taps } = this;
    for (let at = 0; at < taps.length; at++) {
      try {
        const answer = taps[at]?.ask(exchange, subject, detail, exchange);
        if (answer instanceof Promise) return this.#later(answer, at + 1, subject, detail, exchange);
      } catch (error) {
        this.#report(error as GatewayError);
      }
    }
    return undefined;
  }

  async #later(waiting: Promise<unknown>, next: number, subject: unknown, detail: unknown, exchange: TraceHolder) {
    await waiting.catch((error: unknown) => this.#report(error as GatewayError));
    if (next === this.taps.length) return;
    const tail = this.#tails.from(next);
    await outcomeOf<void>((done) => tail.callAsync(subject, detail, exchange, done));
  }
}

/** The ends of a list of taps, each as a hook of tapable, made when it is first needed: most taps never make anybody wait. */
class Tails<H> {
  readonly #taps: readonly Tap[];
  readonly #make: () => H;
  readonly #add: (hook: H, tap: Tap) => void;
  readonly #made: (H | undefined)[] = [];

  constructor(taps: readonly Tap[], make: () => H, add: (hook: H, tap: Tap) => void) {
    this.#taps = taps;
    this.#make = make;
    this.#add = add;
  }

  from(next: number): H {
    let hook = this.#made[next];
    if (hook === undefined) {
      hook = this.#make();
      for (const tap of this.#taps.slice(next)) this.#add(hook, tap);
      this.#made[next] = hook;
    }
    return hook;
  }
}

type Answering = Pick<AsyncSeriesBailHook<[unknown, TraceHolder], unknown>, 'tapAsync'>;

function join(hook: Answering, tap: Tap): void {
  hook.tapAsync(tap.spec.plugin.id, (subject, exchange, callback) => {
    tap.run(exchange, subject, exchange, undefined, callback);
  });
}
