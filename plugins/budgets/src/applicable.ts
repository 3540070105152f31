/** Which budgets a caller is under, for a model at a target: those of the configuration, and those that its identity brings. */
import { matchesPattern, scopesOf, type Attempt, type Claim, type Exchange } from '@gatewright/core';
import type { Budget, Estimate, Options } from './options.ts';
import type { BudgetWindow, Windows } from './windows.ts';

/** A budget that applies: what of its claims is the same for every attempt. */
export interface Applicable {
  readonly scope: string;
  readonly label: string | undefined;
  readonly limit: bigint;
  readonly soft: bigint | undefined;
  readonly window: BudgetWindow;
  readonly estimate: Estimate;
  readonly short: Options['short'];
  readonly outage: Claim['outage'];
  /** Whether somebody wants to see how it stands, with every attempt. */
  readonly watched: boolean;
}

/** All that a caller is under. */
export interface Applied {
  readonly budgets: readonly Applicable[];
  /** One of them holds something before a call. */
  readonly bounded: boolean;
  /** Those that lower what may be produced to what is left of them. */
  readonly clamping: readonly Applicable[];
}

export function applied(options: Options, windows: Windows, attempt: Attempt, exchange: Exchange): Applied {
  const budgets = [...configured(options, windows, attempt, exchange), ...brought(options, windows, exchange)];
  return {
    budgets,
    bounded: budgets.some(({ estimate }) => estimate !== 'observe'),
    clamping: budgets.filter(({ estimate }) => estimate === 'clamp'),
  };
}

function configured(options: Options, windows: Windows, attempt: Attempt, exchange: Exchange): Applicable[] {
  const found: Applicable[] = [];
  for (const budget of options.budgets) {
    if (!isFor(budget.models, exchange)) continue;
    const dimensions = [budget.per].flat();
    for (const scope of scopesOf(dimensions, attempt, exchange)) {
      if (budget.only?.some((id) => scope === `${dimensions[0]}:${id}`) === false) continue;
      found.push(ofConfiguration(options, windows, budget, scope));
    }
  }
  return found;
}

/** Budgets for some models count apart from those for all: their scope says which. */
function ofConfiguration(options: Options, windows: Windows, budget: Budget, scope: string): Applicable {
  const { name, limit, soft, window, timeZone, models } = budget;
  const estimate = budget.estimate ?? options.estimate;
  return {
    scope: models === undefined ? scope : `${scope} models:${models.join(',')}`,
    label: name === undefined ? undefined : `"${name}" (${scope})`,
    limit,
    soft,
    window: windows.named(window, timeZone),
    estimate,
    short: budget.short ?? options.short,
    outage: outageOf(budget.outage ?? options.outage),
    watched: soft !== undefined || estimate === 'clamp',
  };
}

function brought(options: Options, windows: Windows, exchange: Exchange): Applicable[] {
  const { estimate, short } = options;
  const outage = outageOf(options.outage);
  const rules = (exchange.identity.rules?.budgets ?? []).filter(({ models }) => isFor(models, exchange));
  return rules.map(({ scope, label, limit, soft, window, timeZone = 'UTC' }) => {
    const watched = soft !== undefined || estimate === 'clamp';
    return { scope, label, limit, soft, window: windows.named(window, timeZone), estimate, short, outage, watched };
  });
}

/** Without what only the options know of it. */
const outageOf = (outage: Options['outage']): Claim['outage'] =>
  outage === 'closed' ? outage : { allowance: outage.allowance };

function isFor(models: readonly string[] | undefined, exchange: Exchange): boolean {
  return models === undefined || models.some((pattern) => matchesPattern(pattern, exchange.model));
}
