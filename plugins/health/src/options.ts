/** The options of the plugin, and what models and targets may say otherwise. */
import { duration } from '@gatewright/core';
import { z } from 'zod';

/** When a breaker opens, and how it closes again. */
const fields = {
  enabled: z.boolean().describe('Whether targets are guarded.'),
  failures: z.int().min(1).max(1000).describe('So many failed calls in a row open it.'),
  rate: z.number().gt(0).max(1).describe('This part of the calls in the window failing opens it: 0.5 is half of them.'),
  calls: z.int().min(1).max(100_000).describe('So many calls must be in the window before `rate` says anything.'),
  window: duration().describe('How far back `rate` looks: `30s`, `5m`.'),
  pause: duration().describe('How long it stays open the first time. Twice as long each time that it opens again.'),
  longest: duration().describe('The longest that it stays open, whatever a `retry-after` says.'),
  probes: z
    .int()
    .min(1)
    .max(100)
    .describe('How many calls may try at once whether the target is back, on all replicas together.'),
  successes: z.int().min(1).max(100).describe('How many of them must succeed before it closes.'),
  callerTimeout: duration().describe(
    'A call that was too slow for a timeout of its caller’s own counts as a failure once it took this long.',
  ),
  rateLimits: z
    .enum(['open', 'count', 'ignore'])
    .describe('What a 429 does: with a `retry-after`, `open` it for that long; `count` as a failure; or nothing.'),
};

export const options = z.strictObject({
  enabled: fields.enabled.default(true),
  failures: fields.failures.default(5),
  rate: fields.rate.default(0.5),
  calls: fields.calls.default(20),
  window: fields.window.prefault('30s'),
  pause: fields.pause.prefault('10s'),
  longest: fields.longest.prefault('5m'),
  probes: fields.probes.default(2),
  successes: fields.successes.default(2),
  callerTimeout: fields.callerTimeout.prefault('1m'),
  rateLimits: fields.rateLimits.default('open'),
  providers: z
    .boolean()
    .default(false)
    .describe('Whether connections that fail also count for the provider as a whole, and open all of its targets.'),
  share: z
    .boolean()
    .default(true)
    .describe('Whether replicas tell each other what is open, through the board of the service `state`.'),
});

const check = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((text) => !/[?#@]/.test(text), 'must have no user name, no password, no `?` and no `#`')
    .describe('The page, best one that costs nothing and needs no key. No credentials are sent.'),
  every: duration().prefault('30s').describe('How often it is asked for, by every replica.'),
  timeout: duration().prefault('5s').describe('How long the server may take to begin its answer.'),
});

/** What stands on a model goes before the plugin's options, what stands on a target before both. */
export const overrides = z.strictObject(fields).partial();

export const targetOverrides = overrides.extend({
  check: check
    .optional()
    .describe(
      'A page of the server that is asked for now and then, whatever clients do. It fails where there is no answer, or a status of 500 or above.',
    ),
});

export type Options = z.output<typeof options>;
export type Overrides = z.output<typeof overrides>;
export type TargetOverrides = z.output<typeof targetOverrides>;
