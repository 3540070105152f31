/** How targets are called: the settings that may stand at the top, on a model and on a target; the nearest one counts. */
import { z } from 'zod';
import type { Retries, Timeouts } from '../route.ts';
import { given } from './given.ts';
import { duration } from './measure.ts';

const MOST_RETRIES = 10;

const tries = (what: string, usual: number) =>
  z.int().min(0).max(MOST_RETRIES).optional().describe(`${what} Default ${usual}.`);

const retriesByReason = z.strictObject({
  rateLimited: tries('The provider says that requests come too fast (429).', 1),
  overloaded: tries('The provider has too much to do (503, 529).', 1),
  server: tries('The provider failed (other 5xx, 408, 409, 425).', 1),
  connection: tries('The provider could not be reached, or the connection broke before the answer.', 1),
  invalid: tries('The answer was no good, empty, or broke off before its first content.', 1),
  timeout: tries('The provider did not answer in time.', 0),
});

const retries = z
  .union([z.int().min(0).max(MOST_RETRIES), retriesByReason], {
    error: `must be a number from 0 to ${MOST_RETRIES}, or such numbers by reason: { rateLimited: 1, server: 2 }`,
  })
  .optional()
  .describe(
    'How many more times a failure is tried on the same target, before the next one: a number for all reasons but timeouts, or a number by reason. Default 1.',
  );

const timeouts = z
  .strictObject({
    connect: duration().optional().describe('Until the connection stands. Default 5s.'),
    headers: duration()
      .optional()
      .describe(
        'From the end of the request to the head of the reply, which for a reply in one piece is the whole thinking time. Default 5m.',
      ),
    firstToken: duration()
      .optional()
      .describe(
        'From sending the request to the first content of a streamed reply; comments, pings and roles are no content. Default 2m.',
      ),
    idle: duration().optional().describe('Between two pieces of the reply, comments and pings among them. Default 2m.'),
    content: duration()
      .optional()
      .describe(
        'Between two events of a stream that say something, once its content has begun; comments and pings say nothing. Default 5m.',
      ),
    total: duration().optional().describe('From the first byte sent to the last byte received. Default 10m.'),
  })
  .optional()
  .describe('How long an attempt may take.');

export const callSettings = {
  retries,
  timeouts,
  concurrency: z
    .int()
    .min(1)
    .optional()
    .describe('How many calls to one target may be under way at once, in this process. Default: any number.'),
  queue: z
    .int()
    .min(0)
    .optional()
    .describe(
      'How many calls may wait for a target whose `concurrency` is used up; for more, the next target is asked. Default 0.',
    ),
};

/** Where the configuration says nothing. */
const CALL_SETTINGS = {
  retries: 1,
  timeouts: { connect: 5_000, headers: 300_000, firstToken: 120_000, idle: 120_000, content: 300_000, total: 600_000 },
} as const;

/** How a model goes on when its targets fail; may stand at the top and on a model. */
export const failureSettings = {
  attempts: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('The most calls to providers that one request may cause, all retries and targets together. Default 6.'),
  patience: duration()
    .optional()
    .describe(
      'How long one request may wait between its tries, all waits together; a provider that asks for a longer wait is not asked again. Default 10s.',
    ),
};

/** Models that are asked where a request cannot succeed with this one; may stand on a model. */
export const spareSettings = {
  contextFallbacks: z
    .array(z.string())
    .prefault([])
    .describe('Names of models whose targets are asked where the request is too long for this one, in order.'),
  contentFallbacks: z
    .array(z.string())
    .prefault([])
    .describe('Names of models whose targets are asked where the provider refuses what the request says, in order.'),
};

/** One level of the configuration, as it was written. */
export interface CallSettings {
  readonly retries?: number | Retries | undefined;
  readonly timeouts?: { readonly [K in keyof Timeouts]?: Timeouts[K] | undefined } | undefined;
  readonly concurrency?: number | undefined;
  readonly queue?: number | undefined;
}

/** What counts of all levels, the farthest first: objects field by field, a number of retries for all reasons together. */
export function nearestSettings(levels: readonly CallSettings[]): {
  readonly retries: number | Retries;
  readonly timeouts: Timeouts;
  readonly concurrency?: number;
  readonly queue?: number;
} {
  const times: Timeouts = { ...CALL_SETTINGS.timeouts };
  let counted: number | Retries = CALL_SETTINGS.retries;
  const place: { concurrency?: number; queue?: number } = {};
  for (const level of levels) {
    const { retries: said, concurrency, queue } = level;
    Object.assign(times, given(level.timeouts));
    if (typeof said === 'number') counted = said;
    else if (said !== undefined) counted = { ...byReason(counted), ...given(said) };
    if (concurrency !== undefined) place.concurrency = concurrency;
    if (queue !== undefined) place.queue = queue;
  }
  return { retries: counted, timeouts: times, ...place };
}

/** A number stands for all reasons but timeouts: a silent target is not asked again unless it is said outright. */
function byReason(said: number | Retries): Retries {
  if (typeof said !== 'number') return said;
  return { rateLimited: said, overloaded: said, server: said, connection: said, invalid: said };
}

/** How an exchange goes on when targets of its model fail. */
export interface FailurePlan {
  /** The most attempts of one exchange. */
  readonly attempts: number;
  /** The longest that one exchange waits between attempts, in milliseconds. */
  readonly patience: number;
  /** Names of models. */
  readonly contextFallbacks: readonly string[];
  readonly contentFallbacks: readonly string[];
}

/** Where the configuration says nothing. */
export const FAILURE_PLAN: FailurePlan = {
  attempts: 6,
  patience: 10_000,
  contextFallbacks: [],
  contentFallbacks: [],
};

/** The plan of a model; names of models that are switched off are left out. */
export function failurePlan(
  levels: readonly { readonly attempts?: number | undefined; readonly patience?: number | undefined }[],
  spares: { readonly contextFallbacks: readonly string[]; readonly contentFallbacks: readonly string[] },
  known: ReadonlySet<string>,
): FailurePlan {
  const { attempts = FAILURE_PLAN.attempts } = levels.findLast((level) => level.attempts !== undefined) ?? {};
  const { patience = FAILURE_PLAN.patience } = levels.findLast((level) => level.patience !== undefined) ?? {};
  const kept = (names: readonly string[]): readonly string[] => names.filter((name) => known.has(name));
  return {
    attempts,
    patience,
    contextFallbacks: kept(spares.contextFallbacks),
    contentFallbacks: kept(spares.contentFallbacks),
  };
}
