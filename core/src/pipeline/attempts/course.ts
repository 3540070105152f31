/** How an exchange goes on after a failure: the same target again, another one, or no further. */
import { FAILURE_PLAN, type FailurePlan } from '../../config/call-settings.ts';
import type { GatewayError } from '../../errors.ts';
import { failureReason, type FailureReason } from '../../failure-reason.ts';
import type { Retries, Target } from '../../route.ts';
import { deadlineOf } from './caller-timeouts.ts';
import { spareTargets } from '../choose-route.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { tellingFailure, type Failure } from './telling-failure.ts';

/** The first pause before a retry is at most this long, in milliseconds; each further one at most twice the last. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8_000;

/** Which target is asked next, and after how many milliseconds. */
export interface Step {
  readonly target: Target;
  readonly wait: number;
}

/** A target that asked not to be asked again before a moment of the monotonic clock. */
interface Later {
  readonly target: Target;
  readonly at: number;
}

/** Made with the first failure: an exchange that goes well has none. */
export class Course {
  readonly #exchange: LiveExchange;
  readonly #plan: FailurePlan;
  readonly #deadline: number;
  readonly #failures: Failure[] = [];
  readonly #retried = new Map<Target, number>();
  readonly #asked = new Set<Target>();
  readonly #later: Later[] = [];
  #queue: Target[];
  #waited = 0;

  /** The first target of the route has been asked. Throws `GW_BAD_REQUEST` where the caller's own limits are none. */
  constructor(exchange: LiveExchange) {
    const { kernel, model, route } = exchange;
    const [first, ...rest] = route?.targets ?? [];
    this.#exchange = exchange;
    this.#plan = kernel.models.find(model)?.onFailure ?? FAILURE_PLAN;
    this.#deadline = deadlineOf(exchange);
    this.#queue = rest;
    if (first !== undefined) this.#asked.add(first);
  }

  /** A target that has not been asked, for a hedge; undefined where there is none, or no further attempt is allowed. */
  besides(): Target | undefined {
    return this.#mayGoOn ? this.#nextUnasked() : undefined;
  }

  /** What comes after a failure; undefined where nothing does: {@link error} then says why. */
  async after(target: Target, error: GatewayError): Promise<Step | undefined> {
    const reason = failureReason(error);
    this.#failures.push({ target, reason, error });
    if (!this.#mayGoOn) return undefined;
    switch (reason) {
      case 'request':
      case 'gone':
        // An answer that has begun is not the request's fault any more.
        if (this.#exchange.rescue === undefined) return this.#stop();
        break;
      case 'contextLength':
        await this.#turnTo(target, 'contextFallbacks');
        break;
      case 'contentFilter':
        await this.#turnTo(target, 'contentFallbacks');
        break;
      default:
        if (this.#mayRetry(target, reason, error)) return this.#retry(target, error);
    }
    return this.#onward();
  }

  /** Waits as a step says; ends early when the exchange is aborted, and rejects with that. */
  async pause(wait: number): Promise<void> {
    const { clock } = this.#exchange.kernel;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(wait, () => {
        unlisten();
        resolve();
      });
      const unlisten = this.#exchange.onAbort(() => {
        cancel();
        resolve();
      });
    });
    this.#exchange.throwIfAborted();
  }

  /** What the client is told where nothing comes next. */
  get error(): GatewayError {
    return tellingFailure(this.#failures);
  }

  get #now(): number {
    return this.#exchange.kernel.clock.monotonic();
  }

  get #mayGoOn(): boolean {
    return this.#exchange.attempts.length < this.#plan.attempts && this.#now < this.#deadline;
  }

  #stop(): undefined {
    this.#queue = [];
    this.#later.length = 0;
    return undefined;
  }

  /** No other target of these models would take the request; those may that the failing one's model names for this, or the one asked for. */
  async #turnTo(target: Target, list: 'contextFallbacks' | 'contentFallbacks'): Promise<void> {
    const own = this.#exchange.kernel.models.find(target.of)?.onFailure?.[list] ?? [];
    const names = own.length > 0 ? own : this.#plan[list];
    // An answer that has begun is not the request's fault any more: any other target may go on with it.
    if (names.length === 0 && this.#exchange.rescue !== undefined) return;
    this.#stop();
    this.#queue = [...(await spareTargets(this.#exchange, names))];
  }

  #mayRetry(target: Target, reason: FailureReason, error: GatewayError): boolean {
    if (!error.retryable || (this.#retried.get(target) ?? 0) >= allowed(target.retries, reason)) return false;
    return this.#exchange.kernel.host.traffic.retries(target.id).take();
  }

  /** Who asks for a wait is asked again when nobody else is left. */
  #retry(target: Target, error: GatewayError): Step | undefined {
    const retries = (this.#retried.get(target) ?? 0) + 1;
    this.#retried.set(target, retries);
    if (retries === 1 && isStale(error)) return this.#inTime(target, 0) ?? this.#onward();
    const jitter = this.#exchange.kernel.host.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (retries - 1));
    const asked = error.details.retryAfter ?? 0;
    if (asked > 0) {
      this.#later.push({ target, at: this.#now + asked + jitter });
      return this.#onward();
    }
    return this.#inTime(target, jitter) ?? this.#onward();
  }

  #onward(): Step | undefined {
    const next = this.#nextUnasked();
    if (next !== undefined) return { target: next, wait: 0 };
    const [soonest] = this.#later.toSorted((a, b) => a.at - b.at);
    if (soonest === undefined) return undefined;
    this.#later.splice(this.#later.indexOf(soonest), 1);
    return this.#inTime(soonest.target, Math.max(0, soonest.at - this.#now));
  }

  /** Undefined where the caller would not wait for so long. */
  #inTime(target: Target, wait: number): Step | undefined {
    if (this.#waited + wait > this.#plan.patience || this.#now + wait >= this.#deadline) return undefined;
    this.#waited += wait;
    return { target, wait };
  }

  #nextUnasked(): Target | undefined {
    let next = this.#queue.shift();
    while (next !== undefined && this.#asked.has(next)) next = this.#queue.shift();
    if (next === undefined) return undefined;
    this.#asked.add(next);
    this.#exchange.kernel.host.traffic.retries(next.id).tried();
    return next;
  }
}

/** What breaks a connection that was kept open while its server closed it: a new one mostly works at once. */
const STALE: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** How many causes of causes are looked at. */
const DEEPEST = 5;

/** Whoever hides credentials puts an error of its own around the cause. */
function isStale(error: GatewayError): boolean {
  let cause: unknown = error;
  for (let depth = 0; depth < DEEPEST && cause instanceof Error; depth++) {
    if ('code' in cause && STALE.has(String(cause.code))) return true;
    ({ cause } = cause);
  }
  return false;
}

/** How often a target may be asked again for a reason. */
function allowed(retries: number | Retries, reason: FailureReason): number {
  switch (reason) {
    case 'timeout':
      // A silent target is not asked again, unless the configuration says so outright.
      return typeof retries === 'number' ? 0 : (retries.timeout ?? 0);
    case 'rateLimited':
    case 'overloaded':
    case 'server':
    case 'connection':
    case 'invalid':
      return typeof retries === 'number' ? retries : (retries[reason] ?? 1);
    case 'other':
      return typeof retries === 'number' ? retries : (retries.server ?? 1);
    default:
      return 0;
  }
}
