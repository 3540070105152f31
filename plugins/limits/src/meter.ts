/** Turns the limits that apply to an attempt into claims. */
import {
  durationOf,
  LearnedOutput,
  matchesPattern,
  scopesOf,
  type Attempt,
  type AttemptOutcome,
  type Claim,
  type ClaimWindow,
  type Clock,
  type Dimension,
  type Exchange,
  type LimitRule,
  type MeterClaims,
  type Slot,
} from '@gatewright/core';
import { actualOf, amountOf, countsOutput, estimate, grownTo, type Estimate, type Unit } from './counted.ts';
import { tell, type Nearest } from './headers.ts';
import type { Options, Rule } from './options.ts';

/** One limit of the configuration: one unit of one rule. */
interface Limit {
  readonly dimensions: readonly Dimension[];
  readonly perAttempt: boolean;
  readonly unit: Unit;
  readonly limit: bigint;
  readonly window: ClaimWindow;
  readonly models: readonly string[] | undefined;
  readonly only: ReadonlySet<string> | undefined;
}

/** Dimensions of the target: they count every attempt, where the others count the client's request once. */
const OF_TARGET: ReadonlySet<Dimension> = new Set(['provider', 'target']);

const HELD: ClaimWindow = { kind: 'held', name: 'concurrent' };

export class LimitMeter {
  readonly #limits: readonly Limit[];
  readonly #options: Options;
  readonly #nearest: Slot<Nearest>;
  readonly #clock: Clock;
  readonly #learned: LearnedOutput;

  constructor(options: Options, nearest: Slot<Nearest>, clock: Clock) {
    this.#options = options;
    this.#limits = options.rules.flatMap(limitsOf);
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
    const own = exchange.identity.rules?.limits;
    if (this.#limits.length === 0 && own === undefined) return undefined;
    const claims: Claim[] = [];
    let sized: Estimate | undefined;
    const size = (): Estimate => (sized ??= this.#estimate(attempt, exchange));
    for (const limit of this.#limits) {
      if (!counts(limit, limit.perAttempt, attempt, exchange)) continue;
      for (const scope of scopesOf(limit.dimensions, attempt, exchange)) {
        if (limit.only === undefined || limit.only.has(scope)) claims.push(this.#claim(limit, scope, size, exchange));
      }
    }
    for (const rule of own ?? []) {
      if (counts(rule, false, attempt, exchange)) {
        claims.push(this.#claim({ ...rule, window: windowOf(rule) }, rule.scope, size, exchange));
      }
    }
    if (claims.length === 0) return undefined;
    const guessed = claims.some(({ amountFor }) => amountFor !== undefined);
    return guessed ? { claims, expected: size().output } : { claims };
  }

  #estimate(attempt: Attempt, exchange: Exchange): Estimate {
    const { estimate: kind, outputEstimate } = this.#options;
    const usual = kind === 'quantile' ? this.#learned.expected(exchange.identity.key, attempt) : undefined;
    return estimate(exchange, outputEstimate, attempt.maxOutput, usual);
  }

  #claim(
    { unit, limit, window, label }: Pick<Limit, 'unit' | 'limit' | 'window'> & { readonly label?: string },
    scope: string,
    size: () => Estimate,
    exchange: Exchange,
  ): Claim {
    const { headers, outage, short } = this.#options;
    const actual = actualOf(unit, size);
    const guessed = countsOutput(unit) && size().guessed;
    return {
      scope,
      unit,
      window,
      kind: 'limit',
      limit,
      amount: actual === undefined ? 1n : amountOf(unit, size()),
      ...(actual === undefined ? {} : { actual }),
      ...(guessed ? { amountFor: (output) => grownTo(unit, size(), output), whenShort: short } : {}),
      ...(outage === 'open' ? { outage: { allowance: limit } } : {}),
      ...(label === undefined ? {} : { label }),
      ...(headers ? { seen: (balance) => this.#tell(exchange, unit, { ...balance, limit }) } : {}),
    };
  }

  #tell(exchange: Exchange, unit: Unit, balance: Parameters<typeof tell>[3]): void {
    let nearest = this.#nearest.get(exchange);
    if (nearest === undefined) this.#nearest.set(exchange, (nearest = {}));
    tell(exchange, nearest, unit, balance, this.#clock.now());
  }
}

/** A request that is tried again counts once for the client; the tokens and the place under way are each attempt's own. */
function counts(
  { unit, models }: { readonly unit: Unit; readonly models?: readonly string[] | undefined },
  perAttempt: boolean,
  attempt: Attempt,
  exchange: Exchange,
): boolean {
  if (unit === 'requests' && attempt.number > 1 && !perAttempt) return false;
  return models === undefined || models.some((pattern) => matchesPattern(pattern, exchange.model));
}

function limitsOf(rule: Rule): Limit[] {
  const dimensions = [rule.per].flat();
  const length = durationOf(rule.window) ?? 0;
  const sliding: ClaimWindow = { kind: 'sliding', name: rule.window, length };
  const [first] = dimensions;
  const common = {
    dimensions,
    perAttempt: dimensions.some((dimension) => OF_TARGET.has(dimension)),
    models: rule.models,
    only: rule.only === undefined ? undefined : new Set(rule.only.map((id) => `${first}:${id}`)),
  };
  const units: readonly [Unit, number | undefined][] = [
    ['requests', rule.requests],
    ['tokens', rule.tokens],
    ['input-tokens', rule.inputTokens],
    ['output-tokens', rule.outputTokens],
    ['concurrent', rule.concurrent],
  ];
  return units.flatMap(([unit, limit]) =>
    limit === undefined
      ? []
      : [{ ...common, unit, limit: BigInt(limit), window: unit === 'concurrent' ? HELD : sliding }],
  );
}

function windowOf({ unit, window = 60_000 }: LimitRule): ClaimWindow {
  return unit === 'concurrent' ? HELD : { kind: 'sliding', name: `${window / 1000}s`, length: window };
}
