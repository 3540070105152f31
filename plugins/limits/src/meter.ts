/** Turns the limits that apply to an attempt into claims. */
import {
  LearnedOutput,
  PerCaller,
  type Attempt,
  type AttemptOutcome,
  type Balance,
  type Claim,
  type Clock,
  type Exchange,
  type MeterClaims,
  type Slot,
} from '@gatewright/core';
import { Limits, type Applicable } from './applicable.ts';
import { actualOf, amountOf, countsOutput, estimate, grownTo, type Estimate } from './counted.ts';
import { tell, type Nearest } from './headers.ts';
import type { Options } from './options.ts';

export class LimitMeter {
  readonly #limits: Limits;
  readonly #applicable: PerCaller<readonly Applicable[]>;
  readonly #options: Options;
  readonly #nearest: Slot<Nearest>;
  readonly #clock: Clock;
  readonly #learned: LearnedOutput;

  constructor(options: Options, nearest: Slot<Nearest>, clock: Clock) {
    this.#options = options;
    this.#limits = new Limits(options);
    const dimensions = options.rules.flatMap(({ per }) => per);
    this.#applicable = new PerCaller((attempt, exchange) => this.#limits.of(attempt, exchange), dimensions);
    this.#nearest = nearest;
    this.#clock = clock;
    this.#learned = new LearnedOutput(options.quantile);
  }

  /** Learns from an answer how long answers are. */
  observe(outcome: AttemptOutcome, attempt: Attempt, exchange: Exchange): void {
    if (this.#options.estimate !== 'quantile') return;
    const counted = attempt.reserved?.claims.some(({ kind, unit }) => kind === 'limit' && countsOutput(unit));
    if (counted === true) this.#learned.observe([exchange.identity.key], attempt, outcome);
  }

  reserve(attempt: Attempt, exchange: Exchange): MeterClaims | undefined {
    if (this.#limits.none && exchange.identity.rules?.limits === undefined) return undefined;
    const all = this.#applicable.of(attempt, exchange);
    const limits = attempt.number > 1 ? all.filter(({ once }) => !once) : all;
    if (limits.length === 0) return undefined;
    const now = this.#options.headers ? this.#clock.now() : 0;
    const size = limits.some(({ tokens }) => tokens) ? this.#estimate(attempt, exchange) : undefined;
    const claims = limits.map((limit) => this.#claim(limit, limit.tokens ? size : undefined, exchange, now));
    const guessed = size?.guessed === true && limits.some(({ output }) => output);
    return guessed ? { claims, expected: size.output } : { claims };
  }

  #estimate(attempt: Attempt, exchange: Exchange): Estimate {
    const { estimate: kind, outputEstimate } = this.#options;
    const usual = kind === 'quantile' ? this.#learned.expected(exchange.identity.key, attempt) : undefined;
    return estimate(exchange, outputEstimate, attempt.maxOutput, usual);
  }

  /** `size`: of a limit on tokens. Every claim is written with the same fields in the same order, as the engine likes it. */
  #claim(applicable: Applicable, size: Estimate | undefined, exchange: Exchange, now: number): Claim {
    const { scope, unit, window, limit, outage, label, output } = applicable;
    const guess = output && size?.guessed === true ? size : undefined;
    return {
      scope,
      unit,
      window,
      kind: 'limit',
      amount: size === undefined ? 1n : amountOf(unit, size),
      limit,
      actual: size === undefined ? undefined : actualOf(unit, size),
      outage,
      label,
      amountFor: guess === undefined ? undefined : (more) => grownTo(unit, guess, more),
      whenShort: guess === undefined ? undefined : this.#options.short,
      seen: this.#options.headers ? (balance) => this.#tell(exchange, applicable, balance, now) : undefined,
    };
  }

  #tell(exchange: Exchange, { unit, limit }: Applicable, balance: Balance, now: number): void {
    let nearest = this.#nearest.get(exchange);
    if (nearest === undefined) this.#nearest.set(exchange, (nearest = {}));
    // What an allowance grants is not told with a limit.
    tell(exchange, nearest, unit, balance.limit === undefined ? { ...balance, limit } : balance, now);
  }
}
