/** What keys, teams, users, organisations, customers and tags have in common: terms, grants, notes. */
import type { Terms } from './terms.ts';
import { z } from 'zod';
import { standingShape, type Standing } from './standing.ts';
import { exact, toExact, toNumber } from './dollars.ts';
import { patchedTerms, shownTermFields, shownTerms, termFields, type TermsPatch } from './terms.ts';

export const id = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
export const ids = z.array(id).min(1).max(100);
const names = z.array(id).max(1000);

/** What says nothing in lists of models. */
const ALL_MODELS = new Set(['all-proxy-models', 'all-team-models', '*']);

export const holderFields = {
  ...termFields,
  budget_id: id.nullish().describe('A shared budget, by its id.'),
  metadata: z.record(z.string(), z.json()).nullish(),
  blocked: z.boolean().nullish(),
};

export const grantFields = {
  models: names.nullish().describe('Models that may be used: names, or patterns with *. Empty: all.'),
  access_group_ids: names.nullish(),
};

export const shownHolderFields = {
  spend: z.number().describe('Dollars spent in the current window of max_budget; without one, ever.'),
  spend_exact: exact,
  ...shownTermFields,
  budget_id: z.string().nullable(),
  budget_reset_at: z.string().nullable(),
  budget_status: z.array(standingShape).describe('Every budget, with what is spent and reserved as separate numbers.'),
  metadata: z.record(z.string(), z.unknown()),
  blocked: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  created_by: z.string().nullable(),
};
const shownShape = z.object(shownHolderFields);
export type ShownHolder = z.output<typeof shownShape>;

export interface HolderPatch extends TermsPatch {
  readonly budget_id?: string | null | undefined;
  readonly metadata?: Record<string, unknown> | null | undefined;
  readonly blocked?: boolean | null | undefined;
}

interface HolderRecord extends Terms {
  readonly budgetIds?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly blocked?: boolean | undefined;
  readonly createdBy?: string | undefined;
}

/** What a patch makes of a record's common fields; null takes a field away. */
export function patchedHolder(before: HolderRecord, patch: HolderPatch): Record<string, unknown> {
  const { budget_id: budgetId, metadata, blocked } = patch;
  const { budgets, limits } = patchedTerms(before, patch);
  return {
    ...(budgets === undefined ? {} : { budgets: orNull(budgets) }),
    ...(limits === undefined ? {} : { limits: orNull(limits) }),
    ...(budgetId === undefined ? {} : { budgetIds: budgetId === null ? null : [budgetId] }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(blocked === undefined ? {} : { blocked: blocked === true ? true : null }),
  };
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

/** What a patch makes of the models; no names, or a word for all of them, takes the list away. */
export function patchedGrants(patch: {
  readonly models?: readonly string[] | null | undefined;
  readonly access_group_ids?: readonly string[] | null | undefined;
}): Record<string, unknown> {
  const { models, access_group_ids: groups } = patch;
  const all =
    models === undefined || models === null || models.length === 0 || models.some((one) => ALL_MODELS.has(one));
  return {
    ...(models === undefined ? {} : { models: all ? null : models }),
    ...(groups === undefined ? {} : { accessGroups: orNull(groups ?? []) }),
  };
}

/** Without the fields that a patch takes away: for records that are new. */
export function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/** What an answer says of a record's common fields. `spent` is what was ever spent, in nano-dollars. */
export function shownHolder(
  record: { readonly value: HolderRecord; readonly created: number; readonly updated: number },
  standings: readonly Standing[],
  spent: bigint,
): ShownHolder {
  const { value, created, updated } = record;
  const own = standings.find(({ models, budget_id: shared }) => models === null && shared === null);
  return {
    spend: own === undefined ? toNumber(spent) : Number(own.spent),
    spend_exact: own === undefined ? toExact(spent) : own.spent,
    ...shownTerms(value),
    budget_id: value.budgetIds?.[0] ?? null,
    budget_reset_at: own?.resets_at ?? null,
    budget_status: [...standings],
    metadata: { ...value.metadata },
    blocked: value.blocked === true,
    created_at: new Date(created).toISOString(),
    updated_at: new Date(updated).toISOString(),
    created_by: value.createdBy ?? null,
  };
}

/** What an answer says of the models. */
export const shownGrantFields = { models: z.array(z.string()), access_group_ids: z.array(z.string()) };

export function shownGrants(value: {
  readonly models?: readonly string[] | undefined;
  readonly accessGroups?: readonly string[] | undefined;
}): { models: string[]; access_group_ids: string[] } {
  return { models: [...(value.models ?? [])], access_group_ids: [...(value.accessGroups ?? [])] };
}
