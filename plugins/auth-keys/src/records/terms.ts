/** What may be spent and used, as records hold it. */
import { durationOf } from '@gatewright/core';
import { z } from 'zod';

/** An integer of nano-dollars, as a string: JSON numbers are not exact enough. */
export const nanos = z.string().regex(/^\d{1,18}$/, 'must be whole nano-dollars: digits only');

export const name = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

export const names = z.array(name).max(1000);

/** Ids of other records, each of which is read when a key is: few. */
export const ids = z.array(name).max(50);

/** Unix milliseconds. */
export const moment = z.int().min(0).max(8_640_000_000_000_000);

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text }).format(0);
    return true;
  } catch {
    return false;
  }
}

/** A budget: how much may be spent in a window. */
export const budgetTerms = z
  .strictObject({
    limit: nanos.describe('Nano-dollars that may be spent in one period.'),
    soft: nanos.optional().describe('Nano-dollars from which on an event is raised; nothing is refused.'),
    window: z
      .string()
      .regex(/^([1-9]\d{0,4}(s|m|h|d|w|mo)|total)$/, 'must be a window like 1h, 1d, 1w, 1mo, or total')
      .describe('`30s`, `6h`, or days, weeks and months of the calendar: `1d`, `1w`, `1mo`; `total` for ever.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone like Europe/Berlin')
      .optional()
      .describe('Whose calendar days, weeks and months are of. Default UTC.'),
    models: names.min(1).optional().describe('The models that it is for: names, or patterns with `*`. Default all.'),
  })
  .refine(
    ({ soft, limit }) => soft === undefined || BigInt(soft) <= BigInt(limit),
    'must have a soft limit that is no more than the limit',
  );
export type BudgetTerms = z.output<typeof budgetTerms>;

/** A limit: how much may be used in a sliding window, or at once. */
export const limitTerms = z.strictObject({
  unit: z
    .enum(['requests', 'tokens', 'input-tokens', 'output-tokens', 'concurrent'])
    .describe('What is counted; `concurrent` are requests under way.'),
  limit: z.int().min(0).max(Number.MAX_SAFE_INTEGER).describe('The most of it.'),
  window: z
    .string()
    .refine((text) => durationOf(text) !== undefined, 'must be a length of time like 30s, 1m, 6h or 1d')
    .optional()
    .describe('The length of the sliding window. Default `1m`.'),
  models: names.min(1).optional().describe('The models that it is for: names, or patterns with `*`. Default all.'),
});
export type LimitTerms = z.output<typeof limitTerms>;

/** Free JSON that other plugins may read; at most 16 KiB of it. */
export const metadata = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= 16_384, 'must be at most 16 KiB of JSON');

/** What records of keys, users, teams, … have in common. */
export const holder = {
  budgets: z.array(budgetTerms).max(50).optional().describe('Several windows at once are several budgets.'),
  budgetIds: ids.optional().describe('Budgets that are records of their own, by their ids.'),
  limits: z.array(limitTerms).max(50).optional(),
  blocked: z.boolean().optional().describe('Nothing may be done in its name.'),
  metadata: metadata.optional(),
  createdBy: name.optional(),
};

/** What may be used. */
export const grants = {
  models: names
    .optional()
    .describe(
      'Models that may be used: names, patterns with `*`, or groups of the configuration (`@premium`). Absent, and without access groups: all.',
    ),
  accessGroups: ids.optional().describe('Ids of access groups, whose models may be used too.'),
};
