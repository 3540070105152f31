/** Which limits a caller is under, for a model at a target: those of the configuration, and those that its identity brings. */
import {
  durationOf,
  isOfTarget,
  matchesPattern,
  scopesOf,
  type Attempt,
  type Claim,
  type ClaimWindow,
  type Dimension,
  type Exchange,
  type LimitRule,
} from '@gatewright/core';
import { claimOf, type Terms } from './claim.ts';
import { countsOutput, countsTokens, type Unit } from './counted.ts';
import type { RateLimitHeaders } from './headers.ts';
import type { Options, Rule } from './options.ts';

/** A limit that applies. */
interface Applicable {
  readonly terms: Terms;
  /** Its claim, where that is the same for every attempt. */
  readonly claim: Claim | undefined;
  /** A request that is tried again counts once. */
  readonly once: boolean;
}

/** Limits that apply together. */
export interface Applicables {
  readonly limits: readonly Applicable[];
  /** Whether one of them counts tokens, and those of answers. */
  readonly tokens: boolean;
  readonly output: boolean;
}

/** What applies to the first attempt of a request, and to those after it. */
export interface Applied {
  readonly first: Applicables;
  readonly again: Applicables;
}

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

const HELD: ClaimWindow = { kind: 'held', name: 'concurrent' };

export class Limits {
  readonly #limits: readonly Limit[];
  readonly #outage: Options['outage'];
  readonly #headers: RateLimitHeaders | undefined;

  /** `headers`: where replies tell of limits. */
  constructor({ rules, outage }: Options, headers: RateLimitHeaders | undefined) {
    this.#limits = rules.flatMap(limitsOf);
    this.#outage = outage;
    this.#headers = headers;
  }

  /** Whether the configuration has none: then there are only those that identities bring. */
  get none(): boolean {
    return this.#limits.length === 0;
  }

  of(attempt: Attempt, exchange: Exchange): Applied {
    const all = this.#all(attempt, exchange);
    return { first: together(all), again: together(all.filter(({ once }) => !once)) };
  }

  #all(attempt: Attempt, exchange: Exchange): readonly Applicable[] {
    const found: Applicable[] = [];
    for (const { dimensions, perAttempt, only, models, unit, window, limit } of this.#limits) {
      if (!isFor(models, exchange)) continue;
      for (const scope of scopesOf(dimensions, attempt, exchange)) {
        if (only !== undefined && !only.has(scope)) continue;
        found.push(this.#applicable({ scope, unit, window, limit, label: undefined }, perAttempt));
      }
    }
    for (const rule of exchange.identity.rules?.limits ?? []) {
      const { scope, unit, limit, label } = rule;
      if (!isFor(rule.models, exchange)) continue;
      found.push(this.#applicable({ scope, unit, window: windowOf(rule), limit, label }, false));
    }
    return found;
  }

  #applicable(given: Omit<Terms, 'outage' | 'seen'>, perAttempt: boolean): Applicable {
    const { unit, limit } = given;
    const outage = this.#outage === 'open' ? { allowance: limit } : undefined;
    const terms = { ...given, outage, seen: this.#headers?.of(unit, limit) };
    const claim = countsTokens(unit) ? undefined : claimOf(terms, undefined, undefined);
    return { terms, claim, once: unit === 'requests' && !perAttempt };
  }
}

function together(limits: readonly Applicable[]): Applicables {
  const units = limits.map(({ terms }) => terms.unit);
  return { limits, tokens: units.some(countsTokens), output: units.some(countsOutput) };
}

function isFor(models: readonly string[] | undefined, exchange: Exchange): boolean {
  return models === undefined || models.some((pattern) => matchesPattern(pattern, exchange.model));
}

function limitsOf(rule: Rule): Limit[] {
  const dimensions = [rule.per].flat();
  const length = durationOf(rule.window) ?? 0;
  const sliding: ClaimWindow = { kind: 'sliding', name: rule.window, length };
  const [first] = dimensions;
  const common = {
    dimensions,
    // Dimensions of the target count every attempt, where the others count the client's request once.
    perAttempt: dimensions.some(isOfTarget),
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
