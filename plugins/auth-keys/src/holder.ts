/** Records that hold terms: keys, users, teams, end users, tags. */
import { BUDGET } from './records/kinds.ts';
import type { Budget } from './records/shapes.ts';
import type { Parts } from './resolutions.ts';
import { scopeOf, type NamedBudget, type Subject, type Terms } from './rules.ts';
import type { RecordSource } from './source.ts';

export interface Holder extends Terms {
  readonly budgetIds?: readonly string[] | undefined;
  readonly blocked?: boolean | undefined;
}

/** Why somebody who is known is refused, and what to do about it. */
export interface Refused {
  readonly message: string;
  readonly help: string;
}

/** Takes note of a reason to refuse. */
export type Refuse = (refused: Refused) => void;

const WORDS: Readonly<Record<string, string>> = { endUser: 'end user' };

/** Whose terms a record holds. */
export function subject(dimension: string, id = '', alias = id): Subject {
  return { scope: scopeOf(dimension, id), label: `the ${WORDS[dimension] ?? dimension} "${alias}"` };
}

/** Takes note of a record that is blocked. */
export function checkBlocked(whose: string, { blocked }: Holder, refuse: Refuse): void {
  if (blocked === true) refuse({ message: `${whose} is blocked.`, help: 'Ask an admin to unblock it.' });
}

/** The budgets that a record names. One that is gone refuses the request: without it, nothing would hold its holder. */
export async function budgetsOf(
  { budgetIds = [] }: Holder,
  source: RecordSource,
  parts: Parts,
  refuse: Refuse,
): Promise<readonly NamedBudget[]> {
  const named: NamedBudget[] = [];
  for (const id of budgetIds) {
    const budget = await source.read<Budget>(BUDGET.kind, id, parts);
    if (budget !== undefined) named.push({ id, budget });
    else refuse({ message: `The budget "${id}" does not exist any more.`, help: 'Ask an admin to name another.' });
  }
  return named;
}
