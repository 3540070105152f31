/** Turns the budgets that an attempt is under into claims: what it can cost at most, and what it did cost. */
import {
  GatewayError,
  type Attempt,
  type AttemptOutcome,
  type Balance,
  type Claim,
  type Clock,
  type Exchange,
  LearnedOutput,
  type Logger,
  type MeterClaims,
  PerCaller,
  type Prices,
  type Target,
} from '@gatewright/core';
import { applied, type Applicable, type Applied } from './applicable.ts';
import { affordable, boundOf, WITH_OUTPUT, type Bound } from './bound.ts';
import { dollarsOf } from './money.ts';
import type { Options } from './options.ts';
import { SoftLimits } from './soft-limits.ts';
import { Windows } from './windows.ts';

/** Text has about four bytes to a token. */
const BYTES_PER_TOKEN = 4;

/** Counting tokens and listing models costs nothing. */
const WITHOUT_SPEND: ReadonlySet<string> = new Set(['count-tokens', 'models']);

/** Budgets whose balance is remembered; it is only a hint, so all are forgotten when there are more. */
const REMEMBERED = 100_000;

/** What is held for one budget, and why. */
interface Held {
  /** What is reserved. */
  readonly amount: bigint;
  /** What is billed. */
  readonly actual: (outcome: AttemptOutcome) => bigint;
  /** Set where the amount is a guess: the output tokens that it is enough for, and what more would cost. */
  readonly guess?: { readonly output: number; readonly amountFor: (output: number) => bigint };
}

export class BudgetMeter {
  readonly #options: Options;
  readonly #prices: Prices;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #applied: PerCaller<Applied>;
  readonly #soft: SoftLimits;
  /** What was left of each budget when it was last seen; only a hint for clamping, the state decides. */
  readonly #left = new Map<string, bigint>();
  readonly #learned: LearnedOutput;
  /** Whether answers have to be observed. */
  readonly learns: boolean;

  constructor(options: Options, prices: Prices, clock: Clock, log: Logger) {
    this.#options = options;
    this.#prices = prices;
    this.#clock = clock;
    this.#log = log;
    const windows = new Windows(clock);
    const dimensions = options.budgets.flatMap(({ per }) => per);
    this.#applied = new PerCaller((attempt, exchange) => applied(options, windows, attempt, exchange), dimensions);
    this.#soft = new SoftLimits(log);
    this.#learned = new LearnedOutput(options.quantile);
    this.learns = [options, ...options.budgets].some(({ estimate }) => estimate === 'quantile');
  }

  /** Learns from an answer how long answers are. */
  observe(outcome: AttemptOutcome, attempt: Attempt, exchange: Exchange): void {
    if (outcome.usage === undefined || !WITH_OUTPUT.has(exchange.operation)) return;
    const budgets = this.#applied.of(attempt, exchange).budgets.filter(({ estimate }) => estimate === 'quantile');
    if (budgets.length === 0) return;
    this.#learned.observe(new Set(budgets.map(({ scope }) => scope)), attempt, outcome);
  }

  /** Throws `GW_UNPRICED` where a budget applies and nobody knows what the target costs. */
  reserve(attempt: Attempt, exchange: Exchange): MeterClaims | undefined {
    if (WITHOUT_SPEND.has(exchange.operation)) return undefined;
    const { budgets, bounded, clamping } = this.#applied.of(attempt, exchange);
    if (budgets.length === 0) return undefined;
    const now = this.#clock.now();
    let bound = boundOf(this.#prices, attempt, exchange, this.#options, now);
    if (bound.nanos === undefined) return this.#unpriced(attempt);
    // What is free passes every budget, also one that is used up.
    if (bound.nanos === 0n) return undefined;
    if (clamping.length > 0) bound = this.#clamped(clamping, attempt, bound, now);
    const strict = this.#heldOf(bound.nanos, bound.nanos, bound, attempt);
    let expected = Infinity;
    const claims = budgets.map((budget) => {
      const held = budget.estimate === 'quantile' ? this.#guessed(budget, bound, attempt, strict) : strict;
      if (held.guess !== undefined) expected = Math.min(expected, held.guess.output);
      return this.#claim(budget, held, bound, attempt, now);
    });
    // Without a maximum of its own the request could cost more than was reserved: the provider must be told.
    const { maxOutput } = bound;
    const told = bounded && maxOutput !== undefined && exceeds(exchange, maxOutput) ? { maxOutput } : undefined;
    return expected === Infinity ? { claims, ...told } : { claims, ...told, expected };
  }

  /** `most`: the most that the request can cost; a bill above it was not foreseen. */
  #heldOf(amount = 0n, most: bigint | undefined, bound: Bound, attempt: Attempt): Held {
    return { amount, actual: (outcome) => this.#actual(outcome, bound, amount, most, attempt) };
  }

  #guessed({ scope }: Applicable, bound: Bound, attempt: Attempt, strict: Held): Held {
    const { nanos = 0n, maxOutput, candidates, input } = bound;
    if (maxOutput === undefined) return strict;
    const usual = this.#learned.expected(scope, attempt);
    if (usual === undefined || usual >= maxOutput) return strict;
    const amountFor = (output: number): bigint => {
      const price = this.#prices.bound(attempt.target, { input, output }, this.#clock.now()) ?? nanos;
      return price < nanos ? price : nanos;
    };
    const output = usual * candidates;
    return { ...this.#heldOf(amountFor(output), nanos, bound, attempt), guess: { output, amountFor } };
  }

  /** Every claim is written with the same fields in the same order, as the engine likes it. */
  #claim(budget: Applicable, given: Held, bound: Bound, attempt: Attempt, now: number): Claim {
    const { scope, limit, label, outage, estimate, short, window, watched } = budget;
    const observed = estimate === 'observe';
    const { amount, actual, guess } = observed ? this.#heldOf(0n, undefined, bound, attempt) : given;
    return {
      scope,
      unit: 'nanos',
      window: window.at(now),
      kind: 'budget',
      amount,
      limit: observed ? undefined : limit,
      actual,
      outage,
      label,
      amountFor: guess?.amountFor,
      whenShort: guess === undefined ? undefined : short,
      seen: watched ? (balance) => this.#see(budget, balance) : undefined,
    };
  }

  /** What is billed: the cost; of a stream that broke, what it had produced; of an answer without usage, what was held. */
  #actual(
    { cost, status, produced, assumed }: AttemptOutcome,
    bound: Bound,
    amount: bigint,
    most: bigint | undefined,
    { target }: Attempt,
  ): bigint {
    if (assumed === true) return amount;
    if (cost === undefined) {
      if (status < 200 || status > 299) return 0n;
      return produced === undefined ? amount : this.#estimated(bound, produced, most, target);
    }
    if (most !== undefined && cost.nanos > most) {
      this.#log.warn(
        `${target.id} cost ${dollarsOf(cost.nanos)}, and only ${dollarsOf(most)} had been reckoned with: its estimate is too low.`,
        { target: target.id },
      );
    }
    return cost.nanos;
  }

  /** The provider said nothing of a stream that was cut: its input, and the output that its events tell of. */
  #estimated({ input }: Bound, produced: number, most: bigint | undefined, target: Target): bigint {
    const tokens = { input: Math.ceil(input / BYTES_PER_TOKEN), output: produced };
    const nanos = this.#prices.bound(target, tokens, this.#clock.now()) ?? 0n;
    return most !== undefined && most < nanos ? most : nanos;
  }

  #see(budget: Applicable, balance: Balance): void {
    const { limit, estimate } = budget;
    if (estimate === 'clamp') {
      if (this.#left.size > REMEMBERED) this.#left.clear();
      this.#left.set(nameOf(budget), limit - balance.spent - balance.reserved);
    }
    this.#soft.see(budget, balance);
  }

  /** With `clamp`, the maximum of output is lowered to what was left when the budget was last seen. */
  #clamped(clamping: readonly Applicable[], attempt: Attempt, bound: Bound, now: number): Bound {
    const { nanos, maxOutput } = bound;
    const left = this.#leastLeft(clamping);
    if (left === undefined || nanos === undefined || maxOutput === undefined || nanos <= left) return bound;
    const { target } = attempt;
    const fits = affordable(this.#prices, target, bound, left, now);
    const lowered = this.#prices.bound(target, { input: bound.input, output: fits * bound.candidates }, now);
    return { ...bound, maxOutput: fits, nanos: lowered };
  }

  #leastLeft(clamping: readonly Applicable[]): bigint | undefined {
    let least: bigint | undefined;
    for (const budget of clamping) {
      const left = this.#left.get(nameOf(budget));
      if (left !== undefined && (least === undefined || left < least)) least = left;
    }
    return least;
  }

  #unpriced({ target }: Attempt): undefined {
    if (this.#options.unpriced === 'allow') return undefined;
    const help =
      'Give it a price in the options of @gatewright/prices, or set unpriced: allow in those of @gatewright/budgets.';
    throw new GatewayError('GW_UNPRICED', `No price is known for ${target.id}, and a budget applies.`, {
      target: target.id,
      help,
    });
  }
}

const nameOf = ({ scope, window }: Applicable): string => `${scope} ${window.name}`;

/** Whether the request itself allows more than it may produce. */
function exceeds(exchange: Exchange, maxOutput: number): boolean {
  const { maxOutput: own } = exchange.size();
  return own === undefined || own > maxOutput;
}
