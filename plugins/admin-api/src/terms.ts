/** Budgets and limits as scripts write them, flat, and as records hold them. */
import type { BudgetTerms, LimitTerms } from '@gatewright/auth-keys/records';
import { GatewayError } from '@gatewright/core';
import { z } from 'zod';
import { dollars, toNanos, toNumber } from './dollars.ts';

const window = z
  .string()
  .regex(/^([1-9]\d{0,4}(s|m|h|d|w|mo)|total)$/, 'must be a window like 30s, 1h, 1d, 1w, 1mo, or total')
  .describe('The window of the budget; weeks and months are those of the calendar. Default: for ever.');
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const model = z.string().min(1).max(256);

/** One of several windows; both spellings are in use. */
const budgetLimit = z
  .strictObject({
    max_budget: dollars.optional(),
    budget_limit: dollars.optional(),
    budget_duration: window.optional(),
    time_period: window.optional(),
  })
  .refine((one) => (one.max_budget ?? one.budget_limit) !== undefined, 'must have a max_budget');
type BudgetLimit = z.output<typeof budgetLimit>;

/** The flat fields, as bodies have them. In an update, what is absent stays, and null takes away. */
export const termFields = {
  max_budget: dollars.nullish(),
  soft_budget: dollars.nullish().describe('Dollars from which on the log warns; nothing is refused.'),
  budget_duration: window.nullish(),
  budget_limits: z.array(budgetLimit).max(20).nullish().describe('Further windows at the same time.'),
  model_max_budget: z.record(model, budgetLimit).nullish().describe('Budgets of single models.'),
  rpm_limit: count.nullish().describe('Requests in a minute.'),
  tpm_limit: count.nullish().describe('Tokens in a minute.'),
  max_parallel_requests: count.nullish().describe('Requests at the same time.'),
  model_rpm_limit: z.record(model, count).nullish(),
  model_tpm_limit: z.record(model, count).nullish(),
  time_zone: z.string().max(64).nullish().describe('Whose calendar days, weeks and months are of. Default UTC.'),
};
const patchShape = z.object(termFields);
export type TermsPatch = z.output<typeof patchShape>;

const shownWindow = z.strictObject({ max_budget: z.number(), budget_duration: z.string() });

/** The flat fields, as answers have them. */
export const shownTermFields = {
  max_budget: z.number().nullable(),
  soft_budget: z.number().nullable(),
  budget_duration: z.string().nullable(),
  budget_limits: z.array(shownWindow),
  model_max_budget: z.record(z.string(), shownWindow),
  rpm_limit: z.number().nullable(),
  tpm_limit: z.number().nullable(),
  max_parallel_requests: z.number().nullable(),
  model_rpm_limit: z.record(z.string(), z.number()),
  model_tpm_limit: z.record(z.string(), z.number()),
};
const shownShape = z.object(shownTermFields);
export type ShownTerms = z.output<typeof shownShape>;

/** What records have of it. */
export interface Terms {
  readonly budgets?: readonly BudgetTerms[] | undefined;
  readonly limits?: readonly LimitTerms[] | undefined;
}

/** Terms, sorted into the flat fields; what fits into none of them is kept as it is. */
interface Sorted {
  first: BudgetTerms | undefined;
  further: BudgetTerms[];
  models: Record<string, BudgetTerms>;
  otherBudgets: BudgetTerms[];
  counts: Partial<Record<CountField, number>>;
  modelCounts: Record<'model_rpm_limit' | 'model_tpm_limit', Record<string, number>>;
  otherLimits: LimitTerms[];
}

type CountField = 'rpm_limit' | 'tpm_limit' | 'max_parallel_requests';
const COUNTS: readonly (readonly [CountField, LimitTerms['unit']])[] = [
  ['rpm_limit', 'requests'],
  ['tpm_limit', 'tokens'],
  ['max_parallel_requests', 'concurrent'],
];
const MODEL_COUNTS = [
  ['model_rpm_limit', 'requests'],
  ['model_tpm_limit', 'tokens'],
] as const;

function sorted({ budgets = [], limits = [] }: Terms): Sorted {
  const result: Sorted = {
    first: undefined,
    further: [],
    models: {},
    otherBudgets: [],
    counts: {},
    modelCounts: { model_rpm_limit: {}, model_tpm_limit: {} },
    otherLimits: [],
  };
  for (const budget of budgets) sortBudget(budget, result);
  for (const limit of limits) sortLimit(limit, result);
  return result;
}

function sortBudget(budget: BudgetTerms, into: Sorted): void {
  const { models } = budget;
  const [name] = models ?? [];
  if (models === undefined && into.first === undefined) into.first = budget;
  else if (models === undefined) into.further.push(budget);
  else if (models.length === 1 && name !== undefined && !Object.hasOwn(into.models, name)) into.models[name] = budget;
  else into.otherBudgets.push(budget);
}

function sortLimit(limit: LimitTerms, into: Sorted): void {
  const { unit, models, window: length = '1m' } = limit;
  const perMinute = unit === 'concurrent' || length === '1m';
  const [name] = models ?? [];
  if (models === undefined) {
    const field = COUNTS.find((one) => one[1] === unit)?.[0];
    if (perMinute && field !== undefined && into.counts[field] === undefined) into.counts[field] = limit.limit;
    else into.otherLimits.push(limit);
    return;
  }
  const field = MODEL_COUNTS.find((one) => one[1] === unit)?.[0];
  if (perMinute && field !== undefined && models.length === 1 && name !== undefined)
    into.modelCounts[field][name] = limit.limit;
  else into.otherLimits.push(limit);
}

const shownBudget = ({ limit, window: length }: BudgetTerms): z.output<typeof shownWindow> => ({
  max_budget: toNumber(BigInt(limit)),
  budget_duration: length,
});

/** The flat fields of a record. */
export function shownTerms(terms: Terms): ShownTerms {
  const { first, further, models, counts, modelCounts } = sorted(terms);
  return {
    max_budget: first === undefined ? null : toNumber(BigInt(first.limit)),
    soft_budget: first?.soft === undefined ? null : toNumber(BigInt(first.soft)),
    budget_duration: first === undefined || first.window === 'total' ? null : first.window,
    budget_limits: further.map(shownBudget),
    model_max_budget: Object.fromEntries(Object.entries(models).map(([name, budget]) => [name, shownBudget(budget)])),
    rpm_limit: counts.rpm_limit ?? null,
    tpm_limit: counts.tpm_limit ?? null,
    max_parallel_requests: counts.max_parallel_requests ?? null,
    ...modelCounts,
  };
}

/** The terms of a record after a patch; only those of the two that the patch is about. */
export function patchedTerms(before: Terms, patch: TermsPatch): { budgets?: BudgetTerms[]; limits?: LimitTerms[] } {
  const has = (...fields: (keyof TermsPatch)[]): boolean => fields.some((field) => patch[field] !== undefined);
  const now = sorted(before);
  const money = has('max_budget', 'soft_budget', 'budget_duration', 'budget_limits', 'model_max_budget', 'time_zone');
  const rates = has('rpm_limit', 'tpm_limit', 'max_parallel_requests', 'model_rpm_limit', 'model_tpm_limit');
  return {
    ...(money ? { budgets: budgetsAfter(now, patch) } : {}),
    ...(rates ? { limits: limitsAfter(now, patch) } : {}),
  };
}

function budgetsAfter(now: Sorted, patch: TermsPatch): BudgetTerms[] {
  const zone = patch.time_zone ?? now.first?.timeZone;
  const made = (given: BudgetLimit): BudgetTerms => ({
    limit: nanosText(given.max_budget ?? given.budget_limit ?? 0),
    window: given.budget_duration ?? given.time_period ?? 'total',
    ...zoned(zone),
  });
  const { budget_limits: windows, model_max_budget: models } = patch;
  const further = windows === undefined ? now.further : (windows ?? []).map(made);
  const perModel =
    models === undefined
      ? Object.values(now.models)
      : Object.entries(models ?? {}).map(([name, given]) => Object.assign(made(given), { models: [name] }));
  return [...firstAfter(now.first, patch, zone), ...further, ...perModel, ...now.otherBudgets];
}

/** What is absent stays, null takes away. */
function kept<T>(given: T | null | undefined, had: T | undefined): T | undefined {
  return given === undefined ? had : (given ?? undefined);
}

function firstAfter(before: BudgetTerms | undefined, patch: TermsPatch, zone: string | undefined): BudgetTerms[] {
  const limit = kept(patch.max_budget === undefined ? undefined : textOrNull(patch.max_budget), before?.limit);
  if (limit === undefined) {
    const stray = (['soft_budget', 'budget_duration'] as const).find(
      (field) => (patch[field] ?? undefined) !== undefined,
    );
    if (stray === undefined || patch.max_budget === null) return [];
    throw new GatewayError('GW_BAD_REQUEST', `${stray}: says nothing without a max_budget.`, { param: stray });
  }
  const soft = kept(patch.soft_budget === undefined ? undefined : textOrNull(patch.soft_budget), before?.soft);
  const length = kept(patch.budget_duration, before?.window) ?? 'total';
  return [{ limit, window: length, ...(soft === undefined ? {} : { soft }), ...zoned(zone) }];
}

const nanosText = (value: NonNullable<TermsPatch['max_budget']>): string => toNanos(value).toString();
const textOrNull = (value: (TermsPatch['max_budget'] & {}) | null): string | null =>
  value === null ? null : nanosText(value);
const zoned = (timeZone: string | undefined): { timeZone?: string } => (timeZone === undefined ? {} : { timeZone });

function limitsAfter(now: Sorted, patch: TermsPatch): LimitTerms[] {
  const plain = COUNTS.flatMap(([field, unit]) => {
    const given = patch[field];
    const limit = given === undefined ? now.counts[field] : given;
    return limit === undefined || limit === null ? [] : [{ unit, limit }];
  });
  const perModel = MODEL_COUNTS.flatMap(([field, unit]) => {
    const given = patch[field];
    const all = given === undefined ? now.modelCounts[field] : (given ?? {});
    return Object.entries(all).map(([name, limit]) => ({ unit, limit, models: [name] }));
  });
  return [...plain, ...perModel, ...now.otherLimits];
}
