/** Under which scopes budgets are counted: the same that @gatewright/auth-keys gives to the identity of a request. */
import type { Budget, BudgetTerms } from '@gatewright/auth-keys/records';

export type Holder = 'key' | 'user' | 'team' | 'organisation' | 'endUser' | 'tag';

/** `team:core`; what is for some models counts apart from what is for all. */
export function scopeOf(
  holder: Holder | 'budget' | 'model' | 'provider',
  id: string,
  terms?: Pick<BudgetTerms, 'models'>,
): string {
  const own = `${holder}:${/[ %]/.test(id) ? encodeURIComponent(id) : id}`;
  return terms?.models === undefined ? own : `${own} models:${terms.models.join(',')}`;
}

/** Those who share a budget are each counted apart, unless it is pooled. */
export function sharedScopeOf(
  holder: Holder,
  id: string,
  budget: { readonly id: string; readonly value: Budget },
  terms: BudgetTerms,
): string {
  return budget.value.pooled === true ? scopeOf('budget', budget.id, terms) : scopeOf(holder, id, terms);
}
