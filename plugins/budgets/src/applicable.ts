/** Which budgets an attempt is under: those of the configuration, and those that its identity brings. */
import { matchesPattern, scopesOf, type Attempt, type Exchange } from '@gatewright/core';
import type { Budget, Estimate, Options } from './options.ts';

/** A budget that applies, with whose it is. */
export interface Applicable {
  readonly scope: string;
  readonly label: string | undefined;
  readonly limit: bigint;
  readonly soft: bigint | undefined;
  readonly window: string;
  readonly timeZone: string;
  readonly estimate: Estimate;
  readonly short: Options['short'];
  readonly outage: Options['outage'];
}

export function applicable(options: Options, attempt: Attempt, exchange: Exchange): readonly Applicable[] {
  const found: Applicable[] = [];
  for (const budget of options.budgets) {
    if (!isFor(budget.models, exchange)) continue;
    const dimensions = [budget.per].flat();
    for (const scope of scopesOf(dimensions, attempt, exchange)) {
      if (budget.only?.some((id) => scope === `${dimensions[0]}:${id}`) === false) continue;
      found.push(configured(options, budget, scope));
    }
  }
  const { estimate, short, outage } = options;
  for (const rule of exchange.identity.rules?.budgets ?? []) {
    if (!isFor(rule.models, exchange)) continue;
    const { scope, label, limit, soft, window, timeZone = 'UTC' } = rule;
    found.push({ scope, label, limit, soft, window, timeZone, estimate, short, outage });
  }
  return found;
}

/** Budgets for some models count apart from those for all: their scope says which. */
function configured(options: Options, budget: Budget, scope: string): Applicable {
  const { name, limit, soft, window, timeZone, models } = budget;
  const own = models === undefined ? scope : `${scope} models:${models.join(',')}`;
  return {
    scope: own,
    label: name === undefined ? undefined : `"${name}" (${scope})`,
    limit,
    soft,
    window,
    timeZone,
    estimate: budget.estimate ?? options.estimate,
    short: budget.short ?? options.short,
    outage: budget.outage ?? options.outage,
  };
}

function isFor(models: readonly string[] | undefined, exchange: Exchange): boolean {
  return models === undefined || models.some((pattern) => matchesPattern(pattern, exchange.model));
}
