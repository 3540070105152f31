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
  type Prices,
  type Target,
} from '@gatewright/core';
import { applicable, type Applicable } from './applicable.ts';
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
  /** The most that the request can cost; a bill above it was not foreseen. */
  readonly most: bigint | undefined;
  /** Set where the amount is a guess: the output tokens that it is enough for, and what more would cost. */
  readonly guess?: { readonly output: number; readonly amountFor: (output: number) => bigint };
}

export class BudgetMeter {
  readonly #options: Options;
  readonly #prices: Prices;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #windows: Windows;
  readonly #soft: SoftLimits;
  /** What was left of each budget when it was last seen; only a hint for clamping, the state decides. */
  readonly #left = new Map<string, bigint>();
  readonly #learned: LearnedOutput;
  readonly #learns: boolean;

  constructor(options: Options, prices: Prices, clock: Clock, log: Logger) {
    this.#options = options;
    this.#prices = prices;
    this.#clock = clock;
    this.#log = log;
    this.#windows = new Windows(clock);
    this.#soft = new SoftLimits(log);
    this.#learned = new LearnedOutput(options.quantile);
    this.#learns = [options, ...options.budgets].some(({ estimate }) => estimate === 'quantile');
  }

  /** Learns from an answer how long answers are. */
  observe(outcome: AttemptOutcome, attempt: Attempt, exchange: Exchange): void {
    if (!this.#learns || outcome.usage === undefined || !WITH_OUTPUT.has(exchange.operation)) return;
    const budgets = applicable(this.#options, attempt, exchange).filter(({ estimate }) => estimate === 'quantile');
    if (budgets.length === 0) return;
    this.#learned.observe(new Set(budgets.map(({ scope }) => scope)), attempt, outcome);
  }

  /** Throws `GW_UNPRICED` where a budget applies and nobody knows what the target costs. */
  reserve(attempt: Attempt, exchange: Exchange): MeterClaims | undefined {
    if (WITHOUT_SPEND.has(exchange.operation)) return undefined;
    const budgets = applicable(this.#options, attempt, exchange);
    if (budgets.length === 0) return undefined;
    const now = this.#clock.now();
    let bound = boundOf(this.#prices, attempt, exchange, this.#options, now);
    if (bound.nanos === undefined) return this.#unpriced(attempt);
    // What is free passes every budget, also one that is used up.
    if (bound.nanos === 0n) return undefined;
    bound = this.#clamped(budgets, attempt, bound, now);
    const held = budgets.map((budget) => this.#held(budget, bound, attempt));
    const claims = budgets.map((budget, index) => this.#claim(budget, held[index] as Held, bound, attempt));
    const guesses = held.flatMap(({ guess }) => (guess === undefined ? [] : [guess.output]));
    const expected = guesses.length === 0 ? {} : { expected: Math.min(...guesses) };
    // Without a maximum of its own the request could cost more than was reserved: the provider must be told.
    const { maxOutput } = bound;
    const bounded = budgets.some(({ estimate }) => estimate !== 'observe');
    return bounded && maxOutput !== undefined && exceeds(exchange, maxOutput)
      ? { claims, maxOutput, ...expected }
      : { claims, ...expected };
  }

  #held({ estimate, scope }: Applicable, bound: Bound, attempt: Attempt): Held {
    const { nanos = 0n, maxOutput, candidates, input } = bound;
    if (estimate === 'observe') return { amount: 0n, most: undefined };
    const strict: Held = { amount: nanos, most: nanos };
    if (estimate !== 'quantile' || maxOutput === undefined) return strict;
    const usual = this.#learned.expected(scope, attempt);
    if (usual === undefined || usual >= maxOutput) return strict;
    const amountFor = (output: number): bigint => {
      const price = this.#prices.bound(attempt.target, { input, output }, this.#clock.now()) ?? nanos;
      return price < nanos ? price : nanos;
    };
    const output = usual * candidates;
    return { amount: amountFor(output), most: nanos, guess: { output, amountFor } };
  }

  #claim(budget: Applicable, held: Held, bound: Bound, attempt: Attempt): Claim {
    const { scope, limit, label, outage, estimate, short } = budget;
    const window = this.#windows.of(budget.window, budget.timeZone);
    const { amount, guess } = held;
    return {
      scope,
      unit: 'nanos',
      window,
      kind: 'budget',
      amount,
      ...(estimate === 'observe' ? {} : { limit }),
      actual: (outcome) => this.#actual(outcome, bound, held, attempt),
      ...(guess === undefined ? {} : { amountFor: guess.amountFor, whenShort: short }),
      outage: outage === 'closed' ? outage : { allowance: outage.allowance },
      ...(label === undefined ? {} : { label }),
      seen: (balance) => this.#see(budget, window.name, balance),
    };
  }

  /** What is billed: the cost; of a stream that broke, what it had produced; of an answer without usage, what was held. */
  #actual(outcome: AttemptOutcome, bound: Bound, { amount, most }: Held, { target }: Attempt): bigint {
    const { cost, status, produced, assumed } = outcome;
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

  #see(budget: Applicable, window: string, balance: Balance): void {
    const { scope, limit, estimate } = budget;
    if (estimate === 'clamp') {
      if (this.#left.size > REMEMBERED) this.#left.clear();
      this.#left.set(`${scope} ${window}`, limit - balance.spent - balance.reserved);
    }
    this.#soft.see(budget, window, balance);
  }

  /** With `clamp`, the maximum of output is lowered to what was left when the budget was last seen. */
  #clamped(budgets: readonly Applicable[], attempt: Attempt, bound: Bound, now: number): Bound {
    const { nanos, maxOutput } = bound;
    const left = this.#leastLeft(budgets);
    if (left === undefined || nanos === undefined || maxOutput === undefined || nanos <= left) return bound;
    const { target } = attempt;
    const fits = affordable(this.#prices, target, bound, left, now);
    const lowered = this.#prices.bound(target, { input: bound.input, output: fits * bound.candidates }, now);
    return { ...bound, maxOutput: fits, nanos: lowered };
  }

  #leastLeft(budgets: readonly Applicable[]): bigint | undefined {
    let least: bigint | undefined;
    for (const { scope, window, timeZone, estimate } of budgets) {
      if (estimate !== 'clamp') continue;
      const left = this.#left.get(`${scope} ${this.#windows.of(window, timeZone).name}`);
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

/** Whether the request itself allows more than it may produce. */
function exceeds(exchange: Exchange, maxOutput: number): boolean {
  const { maxOutput: own } = exchange.size();
  return own === undefined || own > maxOutput;
}
