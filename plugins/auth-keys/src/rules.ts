/** Turns what records say may be spent and used into rules that meters enforce. */
import { durationOf, type BudgetRule, type LimitRule, type Rules } from '@gatewright/core';
import type { Budget } from './records/shapes.ts';
import type { BudgetTerms, LimitTerms } from './records/terms.ts';

/** Whose the terms are: by which name they are counted, and what errors call it. */
export interface Subject {
  readonly scope: string;
  readonly label: string;
}

/** What a record holds of terms. */
export interface Terms {
  readonly budgets?: readonly BudgetTerms[] | undefined;
  readonly limits?: readonly LimitTerms[] | undefined;
}

/** A budget that is a record of its own. */
export interface NamedBudget {
  readonly id: string;
  readonly budget: Budget;
}

const MINUTE = 60_000;

/** `team:core`; spaces and percent signs in ids are escaped as the meters do, so that no id can look like a combination. */
export function scopeOf(dimension: string, id: string): string {
  return `${dimension}:${/[ %]/.test(id) ? encodeURIComponent(id) : id}`;
}

/** Collects rules; answers with undefined where there are none. */
export class RuleList {
  readonly #budgets: BudgetRule[] = [];
  readonly #limits: LimitRule[] = [];

  add(subject: Subject, { budgets = [], limits = [] }: Terms, named: readonly NamedBudget[] = []): void {
    for (const terms of budgets) this.#budgets.push(budgetRule(subject, terms));
    for (const terms of limits) this.#limits.push(limitRule(subject, terms));
    for (const { id, budget } of named) {
      const own =
        budget.pooled === true ? { scope: scopeOf('budget', id), label: `the shared budget "${id}"` } : subject;
      this.add(own, budget);
    }
  }

  addAll({ budgets = [], limits = [] }: Rules): void {
    this.#budgets.push(...budgets);
    this.#limits.push(...limits);
  }

  rules(): Rules | undefined {
    if (this.#budgets.length === 0 && this.#limits.length === 0) return undefined;
    return {
      ...(this.#budgets.length === 0 ? {} : { budgets: this.#budgets }),
      ...(this.#limits.length === 0 ? {} : { limits: this.#limits }),
    };
  }
}

function budgetRule(subject: Subject, { limit, soft, window, timeZone, models }: BudgetTerms): BudgetRule {
  return {
    ...confined(subject, models),
    limit: BigInt(limit),
    window,
    ...(soft === undefined ? {} : { soft: BigInt(soft) }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

function limitRule(subject: Subject, { unit, limit, window = '1m', models }: LimitTerms): LimitRule {
  return {
    ...confined(subject, models),
    unit,
    limit: BigInt(limit),
    ...(unit === 'concurrent' ? {} : { window: durationOf(window) ?? MINUTE }),
  };
}

/** What is for some models counts apart from what is for all: the scope says which. */
function confined({ scope, label }: Subject, models: readonly string[] | undefined): Subject & { models?: string[] } {
  if (models === undefined) return { scope, label };
  return {
    scope: `${scope} models:${models.join(',')}`,
    label: `${label} for ${models.join(', ')}`,
    models: [...models],
  };
}
