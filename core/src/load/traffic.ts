/** What is going on in a gateway, over all its kernels: exchanges, places, and how often targets were asked again. */
import type { Clock } from '../clock.ts';
import type { LoadLimits } from '../config/load-settings.ts';
import { Gate, type GateLimits, type Visitor } from './gate.ts';
import { RetryBudget } from './retry-budget.ts';
import { Strain } from './strain.ts';

/** Names of targets may come from clients, where a model's name is a pattern: so many are remembered. */
const MOST_TARGETS = 10_000;

/** How full a gateway is. */
export interface LoadStats {
  /** Requests that have a place, where `load.concurrency` bounds them. */
  readonly running: number;
  /** Requests that wait for one. */
  readonly waiting: number;
  /** Requests that were sent away since the beginning. */
  readonly shed: number;
  /** The targets whose `concurrency` is bounded, and that have calls under way. */
  readonly targets: readonly { readonly target: string; readonly running: number; readonly waiting: number }[];
  /** Calls that found no place at a target since the beginning. */
  readonly shedByTargets: number;
}

const NO_PLACE = (): void => undefined;

export class Traffic {
  exchanges = 0;
  readonly #clock: Clock;
  readonly #strain: Strain;
  readonly #gate: Gate;
  readonly #targets = new Map<string, Gate>();
  readonly #budgets = new Map<string, RetryBudget>();
  #shedByForgotten = 0;

  constructor(clock: Clock, strain = new Strain(clock)) {
    this.#clock = clock;
    this.#strain = strain;
    this.#gate = new Gate(clock, 'The gateway');
  }

  /** Lets a request in; the answer lets it out again. Throws `GW_OVERLOADED`, or rejects with it. */
  enter(visitor: Visitor, limits: LoadLimits): (() => void) | Promise<() => void> {
    const { concurrency, queue, wait, lag, memory } = limits;
    if (lag !== undefined || memory !== undefined) {
      this.#strain.watch(() => this.exchanges > 0);
      if (this.#strain.lag > (lag ?? Infinity)) throw this.#gate.refusal('has too much to do');
      if (this.#strain.size > (memory ?? Infinity)) throw this.#gate.refusal('has too little memory left');
    }
    return concurrency === undefined ? NO_PLACE : this.#gate.enter(visitor, { concurrency, queue, wait });
  }

  /** Lets a call to a target in; the answer lets it out again. Throws `GW_OVERLOADED`, or rejects with it. */
  call(target: string, visitor: Visitor, limits: GateLimits): (() => void) | Promise<() => void> {
    let gate = this.#targets.get(target);
    if (gate === undefined) {
      if (this.#targets.size >= MOST_TARGETS) this.#forgetIdle();
      gate = new Gate(this.#clock, `The target ${target}`);
      this.#targets.set(target, gate);
    }
    return gate.enter(visitor, limits);
  }

  /** What a target may still be asked again. */
  retries(target: string): RetryBudget {
    let budget = this.#budgets.get(target);
    if (budget === undefined) {
      if (this.#budgets.size >= MOST_TARGETS) this.#budgets.clear();
      budget = new RetryBudget(this.#clock);
      this.#budgets.set(target, budget);
    }
    return budget;
  }

  get load(): LoadStats {
    const targets = [...this.#targets].filter(([, { running, waiting }]) => running + waiting > 0);
    const { running, waiting, shed } = this.#gate;
    let shedByTargets = this.#shedByForgotten;
    for (const gate of this.#targets.values()) shedByTargets += gate.shed;
    return {
      running,
      waiting,
      shed,
      targets: targets.map(([target, gate]) => ({ target, running: gate.running, waiting: gate.waiting })),
      shedByTargets,
    };
  }

  #forgetIdle(): void {
    for (const [target, { running, waiting, shed }] of this.#targets) {
      if (running + waiting > 0) continue;
      this.#shedByForgotten += shed;
      this.#targets.delete(target);
    }
  }
}
