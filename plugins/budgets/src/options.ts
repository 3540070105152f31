/** The plugin's options. */
import { DIMENSIONS } from '@gatewright/core';
import { z } from 'zod';
import { isTimeZone, readWindow } from './calendar.ts';
import { nanosOf } from './money.ts';

const ESTIMATES = ['strict', 'clamp', 'quantile', 'observe'] as const;
const SHORT = ['stop', 'finish'] as const;

const dimension = z.enum(DIMENSIONS);
const dollars = z
  .union([z.number(), z.string()])
  .refine((value) => nanosOf(value) !== undefined, 'must be dollars, at most nine decimals: 25 or "0.000001"')
  .transform((value) => nanosOf(value) as bigint);

const outage = z.union([
  z.literal('closed'),
  z.strictObject({ allowance: dollars.describe('Dollars that one process may let through in one outage.') }),
]);

const budget = z
  .strictObject({
    name: z.string().min(1).optional().describe('A name for people, in errors and reports.'),
    per: z
      .union([dimension, z.array(dimension).min(1)])
      .describe('Whose budget it is; with a list, one for each combination: `[team, model]`.'),
    limit: dollars.describe('Dollars that may be spent in one period.'),
    soft: dollars
      .optional()
      .describe('Dollars from which on it is said in the log, once a period; nothing is refused.'),
    window: z
      .string()
      .refine(
        (text) => text === 'total' || readWindow(text, 'UTC') !== undefined,
        'must be a window like 1h, 1d, 1w, 1mo, or total',
      )
      .default('1mo')
      .describe(
        'The period: `30s`, `6h`, or days, weeks and months of the calendar, `1d`, `1w`, `1mo`; `total` for ever.',
      ),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone like Europe/Berlin')
      .default('UTC')
      .describe('Whose calendar days, weeks and months are of.'),
    models: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('The models that it is for, as clients ask for them: names, or patterns with `*`. Default all.'),
    only: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('The keys, teams, … that it is for, by their ids, where `per` names one thing. Default all.'),
    estimate: z.enum(ESTIMATES).optional().describe('How much is reserved before a call; default that of the plugin.'),
    short: z
      .enum(SHORT)
      .optional()
      .describe('What happens to a stream that outgrows what is left; default that of the plugin.'),
    outage: outage
      .optional()
      .describe('What happens while the shared state cannot be reached; default that of the plugin.'),
  })
  .refine(
    ({ soft, limit }) => soft === undefined || soft <= limit,
    'must have a soft limit that is no more than the limit',
  );

const estimate = z
  .enum(ESTIMATES)
  .default('strict')
  .describe(
    'How much is reserved: `strict` the most that the request can cost, `clamp` the same with its maximum of output lowered to what is left, `quantile` what answers usually cost, `observe` nothing: it is only counted.',
  );

export const options = z.strictObject({
  budgets: z
    .array(budget)
    .default([])
    .describe('The budgets. Keys, teams and users may bring budgets of their own besides.'),
  estimate,
  quantile: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.95)
    .describe('With `estimate: quantile`, the share of answers that what is reserved is enough for.'),
  short: z
    .enum(SHORT)
    .default('stop')
    .describe(
      'With `estimate: quantile`, what happens to a stream that needs more than was reserved when no more is left: `stop` ends it with an error, `finish` lets it end, and bills it in full.',
    ),
  maxOutput: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(8192)
    .describe('The most output tokens of a request that does not say its own maximum; the provider is told.'),
  urlTokens: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(10_000)
    .describe('Tokens reserved for each image or file that a request names by its address: its size is not known.'),
  otherCost: dollars
    .prefault(0.25)
    .describe('Dollars reserved for requests whose cost does not follow from their size: images and sound.'),
  unpriced: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('What happens to a target without a price that a budget applies to.'),
  outage: outage
    .default('closed')
    .describe(
      'While the shared state cannot be reached: `closed` refuses with 503, `{ allowance }` lets that much through.',
    ),
});

export type Options = z.output<typeof options>;
export type Budget = Options['budgets'][number];
export type Estimate = NonNullable<Budget['estimate']>;
