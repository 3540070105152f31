/** The plugin's options: for the whole gateway, for one model, and for one target. */
import { durationOf } from '@gatewright/core';
import { z } from 'zod';
import { CAPABILITIES } from './checks/capabilities.ts';

export const STRATEGIES = [
  'weighted',
  'ordered',
  'round-robin',
  'least-busy',
  'lowest-latency',
  'lowest-cost',
  'most-budget',
  'tags',
  'sticky',
] as const;
export type StrategyName = (typeof STRATEGIES)[number];

const TIME = 'must be a length of time: milliseconds, or a text such as 500ms, 30s or 5m';

/** Milliseconds, as a number of them or a text. */
const time = () =>
  z.union([z.int().min(1).max(86_400_000), z.string()], { error: TIME }).transform((given, context) => {
    const text = String(given);
    const [, milliseconds] = /^(\d{1,8})(?:ms)?$/.exec(text) ?? [];
    const length = milliseconds === undefined ? durationOf(text) : Number(milliseconds);
    if (length !== undefined && length > 0) return length;
    context.issues.push({ code: 'custom', message: TIME, input: given });
    return z.NEVER;
  });

const strategyName = z.enum(STRATEGIES);
const strategy = z.union([strategyName, z.array(strategyName).min(1).max(4)]);
const header = z.string().regex(/^[a-z0-9-]+$/, { error: 'must be the name of a header, in lower case' });

const mirror = z.strictObject({
  model: z.string().min(1).describe('The model that gets the copies.'),
  share: z.number().min(0).max(1).default(1).describe('The part of the requests that is copied, from 0 to 1.'),
});

const split = z.strictObject({
  shares: z
    .record(z.string().min(1), z.number().min(0).max(100))
    .refine((shares) => Math.abs(Object.values(shares).reduce((sum, share) => sum + share, 0) - 100) < 1e-6, {
      error: 'must add up to 100 per cent',
    })
    .describe('Per cent of the requests by group; a group is what targets say under `group`, or `provider/model`.'),
  sticky: z
    .boolean()
    .default(false)
    .describe('Whether the same session, or the same key where there is none, always comes to the same group.'),
});

const hedge = z.strictObject({
  after: time().describe('How long the first target has before the next is asked besides it: `500ms`, `2s`.'),
  most: z.int().min(2).max(5).default(2).describe('How many targets may be asked at once, the first among them.'),
});

const CHECKS = {
  context: 'Leaves out targets whose context window is too small.',
  capabilities: 'Leaves out targets that cannot do what is asked for.',
  region: 'Leaves out targets in regions where the request may not be served.',
} as const;

const checks = z.strictObject({
  context: z.boolean().default(true).describe(CHECKS.context),
  capabilities: z.boolean().default(true).describe(CHECKS.capabilities),
  region: z.boolean().default(true).describe(CHECKS.region),
});

const checksOfModel = z.strictObject({
  context: z.boolean().optional().describe(CHECKS.context),
  capabilities: z.boolean().optional().describe(CHECKS.capabilities),
  region: z.boolean().optional().describe(CHECKS.region),
});

const sticky = z.strictObject({
  by: z
    .array(z.enum(['session', 'cache-key', 'user', 'prompt']))
    .min(1)
    .default(['session', 'cache-key', 'user', 'prompt'])
    .describe(
      'What holds requests together; the first that a request has counts. `session`: the header; `cache-key`: `prompt_cache_key`; `user`: the end user; `prompt`: its first bytes.',
    ),
  header: header.default('x-gatewright-session').describe('The header in which clients name a session.'),
  prefix: z
    .int()
    .min(256)
    .max(1_048_576)
    .default(4096)
    .describe(
      'How many bytes of a prompt hold requests together; shorter prompts do not, and no provider caches them.',
    ),
});

const latency = z.strictObject({
  of: z
    .enum(['first-token', 'total'])
    .default('first-token')
    .describe(
      'What is measured of streams: the time to their first token, or all of it. Of whole replies it is all of it.',
    ),
  halfLife: time()
    .prefault('1m')
    .describe('After this long a measurement counts half. After five of them without a new one, nothing is known.'),
  tolerance: z
    .number()
    .min(0)
    .max(10)
    .default(0.1)
    .describe(
      'How much slower than the fastest counts as equally fast: 0.1 is a tenth. The weights decide among equals.',
    ),
});

export const options = z.strictObject({
  strategy: strategy
    .default('weighted')
    .describe('Which target is asked first. With a list, each strategy decides among what those before it hold equal.'),
  checks: checks.prefault({}).describe('What is checked before any target is called.'),
  hedge: hedge.optional().describe('Asks a second target where the first is slow. Both are paid.'),
  sticky: sticky.prefault({}).describe('What the strategy `sticky`, and splits that are sticky, go by.'),
  latency: latency.prefault({}).describe('What the strategy `lowest-latency` goes by.'),
  tagHeader: z
    .union([header, z.literal(false)])
    .default('x-gatewright-tags')
    .describe('The header in which clients name tags, for the strategy `tags`; false: only those of their keys count.'),
  regionHeader: header
    .default('x-gatewright-region')
    .describe('The header in which clients name the regions that may serve a request, separated by commas.'),
  mirrors: z.int().min(1).max(1000).default(10).describe('How many copies of requests may be under way at once.'),
});

export const modelOptions = z.strictObject({
  strategy: strategy.optional().describe("Which target of this model is asked first. Default: the plugin's own."),
  checks: checksOfModel.optional().describe('Switches checks on or off for this model.'),
  split: split.optional().describe('Gives fixed shares of the requests to groups of the targets.'),
  mirror: mirror.optional().describe('Copies requests to another model, and drops the answers.'),
  hedge: z
    .union([hedge, z.literal(false)])
    .optional()
    .describe("Asks a second target where the first is slow; false: never. Default: the plugin's own."),
});

export const targetOptions = z.strictObject({
  tags: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('For the strategy `tags`: the target serves only requests that have one of these. Default: all.'),
  group: z.string().min(1).optional().describe('The group that a split knows it by. Default: `provider/model`.'),
  contextWindow: z
    .int()
    .min(1)
    .optional()
    .describe("Tokens that fit into it, input and output together. Default: the model's `info`, or the catalogue's."),
  capabilities: z
    .array(z.enum(CAPABILITIES))
    .optional()
    .describe('All that it can do besides text. Default: everything.'),
  region: z.string().min(1).optional().describe('Where it computes: `eu`, `us-east`.'),
});

export type Options = z.output<typeof options>;
export type ModelOptions = z.output<typeof modelOptions>;
export type TargetOptions = z.output<typeof targetOptions>;
