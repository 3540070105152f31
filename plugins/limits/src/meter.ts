/** Turns the limits that apply to an attempt into claims. */
import {
  LearnedOutput,
  PerCaller,
  type Attempt,
  type AttemptOutcome,
  type Clock,
  type Exchange,
  type MeterClaims,
  type Slot,
} from '@gatewright/core';
import { Limits, type Applied } from './applicable.ts';
import { claimOf } from './claim.ts';
import { countsOutput, estimate, type Estimate } from './counted.ts';
import { RateLimitHeaders, type Nearest } from './headers.ts';
import type { Options } from './options.ts';

export class LimitMeter {
  readonly #limits: Limits;
  readonly #applied: PerCaller<Applied>;
  readonly #options: Options;
  readonly #learned: LearnedOutput;

  constructor(options: Options, nearest: Slot<Nearest>, clock: Clock) {
    this.#options = options;
    this.#limits = new Limits(options, options.headers ? new RateLimitHeaders(nearest, clock) : undefined);
    const dimensions = options.rules.flatMap(({ per }) => per);
    this.#applied = new PerCaller((attempt, exchange) => this.#limits.of(attempt, exchange), dimensions);
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
    const applied = this.#applied.of(attempt, exchange);
    const { limits, tokens, output } = attempt.number > 1 ? applied.again : applied.first;
    if (limits.length === 0) return undefined;
    const size = tokens ? this.#estimate(attempt, exchange) : undefined;
    const { short } = this.#options;
    const claims = limits.map(({ claim, terms }) => claim ?? claimOf(terms, size, short));
    const guessed = size?.guessed === true && output;
    return guessed ? { claims, expected: size.output } : { claims };
  }

  #estimate(attempt: Attempt, exchange: Exchange): Estimate {
    const { estimate: kind, outputEstimate } = this.#options;
    const usual = kind === 'quantile' ? this.#learned.expected(exchange.identity.key, attempt) : undefined;
    return estimate(exchange, outputEstimate, attempt.maxOutput, usual);
  }
}
