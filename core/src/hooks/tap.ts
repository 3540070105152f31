/** One tap, wrapped once: whatever it does is timed, counted and carries its plugin's name. */
import type { Capabilities } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import { GatewayError, isGatewayError } from '../errors.ts';
import { addStep, describeResult, type Trace } from '../trace.ts';
import type { Operation } from '../operations.ts';
import type { Stage } from './points.ts';
import type { HookStats } from './stats.ts';

/** The plugin instance that a tap belongs to. */
export interface PluginRef {
  readonly id: string;
  /** Where its config entry stands: `gatewright.yaml:12:5`. */
  readonly where: string;
  /** What it says of itself. */
  readonly supports?: Capabilities;
  /** What a failure of its taps does to the exchange. Default `refuse`. */
  readonly onError?: OnError;
  /** How long each of its taps may take, in milliseconds, whatever they say themselves. */
  readonly timeout?: number;
}

/** A plugin that fails ends the exchange, or the exchange goes on as if its tap were not there. */
export type OnError = 'refuse' | 'skip';

/** What registering a tap gathers. */
export interface TapSpec {
  readonly hook: string;
  readonly plugin: PluginRef;
  readonly fn: (...args: never[]) => unknown;
  readonly stage: Stage;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** undefined: every operation. */
  readonly operations: readonly Operation[] | undefined;
  /** Milliseconds; 0: no limit of its own. */
  readonly timeout: number;
}

/** Refuses a result that the hook does not take: answers with what was expected, or undefined where it is well. */
export type ResultCheck = (result: unknown, given?: unknown) => string | undefined;

export type Done = (error: GatewayError | null, result?: unknown) => void;

/** What a run needs of its exchange: whether it is being explained. */
export interface TraceHolder {
  readonly trace: Trace | undefined;
}

/** Faults of a plugin; any other error is what it has to say. */
const FAULTS: ReadonlySet<string> = new Set(['GW_PLUGIN_FAILED', 'GW_PLUGIN_TIMEOUT', 'GW_PLUGIN_RESULT']);

/** Hooks whose taps are given what they may change: left out, they leave it as it is. */
const PASSING: ReadonlySet<string> = new Set(['route', 'transform.request', 'transform.response']);

/** The stream as it is. */
const UNTOUCHED = { event: (event: unknown) => [event], end: () => [] };

export class Tap {
  readonly spec: TapSpec;
  readonly stats: HookStats;
  readonly #check: ResultCheck;
  readonly #clock: Clock;
  readonly #fn: (...args: unknown[]) => unknown;
  readonly #report: (error: GatewayError) => void;

  /** `report` hears of failures that are left out. */
  constructor(spec: TapSpec, check: ResultCheck, clock: Clock, report: (error: GatewayError) => void) {
    this.spec = spec;
    this.#report = report;
    this.stats = { hook: spec.hook, plugin: spec.plugin.id, calls: 0, errors: 0, time: 0 };
    this.#check = check;
    this.#clock = clock;
    this.#fn = spec.fn as (...args: unknown[]) => unknown;
  }

  /** Runs the tap and tells `done` once, synchronously where the tap is. `null` counts as undefined. */
  run(holder: TraceHolder, first: unknown, second: unknown, third: unknown, done: Done): void {
    const started = this.#clock.monotonic();
    let result: unknown;
    try {
      result = this.#fn(first, second, third);
    } catch (error) {
      this.#end(this.#failed(holder, started, error), first, done);
      return;
    }
    if (isThenable(result)) this.#wait(holder, started, result, first, done);
    else this.#finish(holder, started, result, first, done);
  }

  /** Runs the tap. Answers at once where the tap does, else with a promise. Throws, or rejects with, a GatewayError that names it. */
  ask(holder: TraceHolder, first: unknown, second: unknown, third?: unknown): unknown {
    const started = this.#clock.monotonic();
    let result: unknown;
    try {
      result = this.#fn(first, second, third);
    } catch (error) {
      return this.#skipped(this.#failed(holder, started, error), first);
    }
    if (isThenable(result)) return this.#waitFor(holder, started, result, first);
    return this.#checked(holder, started, result, first);
  }

  /** Runs a synchronous tap. Throws a GatewayError that names it. */
  runSync(holder: TraceHolder, first: unknown, second?: unknown, third?: unknown): unknown {
    const started = this.#clock.monotonic();
    let result: unknown;
    try {
      result = this.#fn(first, second, third);
    } catch (error) {
      return this.#skipped(this.#failed(holder, started, error), first);
    }
    if (!isThenable(result)) return this.#checked(holder, started, result, first);
    // An async function slipped in: its promise must not end as an unhandled rejection.
    result.then(undefined, () => undefined);
    const wrong = this.#wrongResult('a plain value, for it is synchronous');
    return this.#skipped(this.#failed(holder, started, wrong), first);
  }

  #checked(holder: TraceHolder, started: number, result: unknown, given: unknown): unknown {
    const wrong = this.#check(result, given);
    if (wrong !== undefined) return this.#skipped(this.#failed(holder, started, this.#wrongResult(wrong)), given);
    this.#count(holder, started, result, given);
    return result ?? undefined;
  }

  #waitFor(holder: TraceHolder, started: number, result: PromiseLike<unknown>, given: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#wait(holder, started, result, given, (error, value) => {
        if (error === null) resolve(value);
        else reject(error);
      });
    });
  }

  #wait(holder: TraceHolder, started: number, promise: PromiseLike<unknown>, given: unknown, done: Done): void {
    let over = false;
    const { timeout } = this.spec;
    const cancel =
      timeout === 0
        ? undefined
        : this.#clock.after(timeout, () => {
            if (over) return;
            over = true;
            this.#end(this.#failed(holder, started, this.#timedOut(timeout)), given, done);
          });
    promise.then(
      (result) => {
        if (over) return;
        over = true;
        cancel?.();
        this.#finish(holder, started, result, given, done);
      },
      (error: unknown) => {
        if (over) return;
        over = true;
        cancel?.();
        this.#end(this.#failed(holder, started, error), given, done);
      },
    );
  }

  #finish(holder: TraceHolder, started: number, result: unknown, given: unknown, done: Done): void {
    const wrong = this.#check(result, given);
    if (wrong !== undefined) {
      this.#end(this.#failed(holder, started, this.#wrongResult(wrong)), given, done);
      return;
    }
    this.#count(holder, started, result, given);
    done(null, result ?? undefined);
  }

  #count(holder: TraceHolder, started: number, result: unknown, given: unknown): void {
    const duration = this.#clock.monotonic() - started;
    this.stats.calls++;
    this.stats.time += duration;
    const { trace } = holder;
    if (trace === undefined) return;
    const { hook, plugin } = this.spec;
    addStep(trace, { hook, plugin: plugin.id, result: describeResult(result, given), duration });
  }

  #failed(holder: TraceHolder, started: number, error: unknown): GatewayError {
    const attributed = this.#attribute(error);
    this.stats.calls++;
    this.stats.errors++;
    const duration = this.#clock.monotonic() - started;
    this.stats.time += duration;
    const { hook, plugin } = this.spec;
    if (holder.trace !== undefined) {
      const result = `${attributed.code}: ${attributed.message}`;
      addStep(holder.trace, { hook, plugin: plugin.id, result, duration });
    }
    return attributed;
  }

  /** Whether the exchange goes on without what failed so. */
  skips(error: GatewayError): boolean {
    if (this.spec.plugin.onError !== 'skip' || !FAULTS.has(error.code) || this.spec.hook === 'call') return false;
    this.#report(error);
    return true;
  }

  #end(error: GatewayError, given: unknown, done: Done): void {
    if (this.skips(error)) done(null, this.#leftOut(given));
    else done(error);
  }

  #skipped(error: GatewayError, given: unknown): unknown {
    if (!this.skips(error)) throw error;
    return this.#leftOut(given);
  }

  /** What the tap would have answered, had it nothing to say. */
  #leftOut(given: unknown): unknown {
    const { hook } = this.spec;
    if (hook === 'transform.event') return UNTOUCHED;
    return PASSING.has(hook) ? given : undefined;
  }

  #attribute(error: unknown): GatewayError {
    const { hook, plugin } = this.spec;
    if (isGatewayError(error)) {
      if (error.details.plugin !== undefined) return error;
      const { code, message, status, retryable } = error;
      const details = { ...error.details, status, retryable, plugin: plugin.id, hook, cause: error };
      return new GatewayError(code, message, details);
    }
    const reason = error instanceof Error ? error.message : String(error);
    return new GatewayError('GW_PLUGIN_FAILED', `${this.#name()} failed in hook ${hook}: ${reason}`, {
      plugin: plugin.id,
      hook,
      cause: error,
    });
  }

  #timedOut(timeout: number): GatewayError {
    return new GatewayError(
      'GW_PLUGIN_TIMEOUT',
      `${this.#name()} did not return from hook ${this.spec.hook} within ${timeout} ms.`,
    );
  }

  #wrongResult(expected: string): GatewayError {
    return new GatewayError(
      'GW_PLUGIN_RESULT',
      `${this.#name()} returned something that hook ${this.spec.hook} does not take: expected ${expected}.`,
    );
  }

  #name(): string {
    return `Plugin "${this.spec.plugin.id}" (${this.spec.plugin.where})`;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
