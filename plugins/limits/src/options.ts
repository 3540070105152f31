/** The plugin's options. */
import { DIMENSIONS, durationOf } from '@gatewright/core';
import { z } from 'zod';

const count = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const dimension = z.enum(DIMENSIONS);

const rule = z
  .strictObject({
    per: z
      .union([dimension, z.array(dimension).min(1)])
      .describe('For whom it counts; with a list, for each combination: `[team, model]`.'),
    window: z
      .string()
      .refine((text) => durationOf(text) !== undefined, 'must be a length of time like 30s, 1m, 6h or 1d')
      .default('1m')
      .describe('The sliding window of requests and tokens: `30s`, `1m`, `6h`, `1d`.'),
    requests: count.optional().describe('The most requests in the window.'),
    tokens: count.optional().describe('The most tokens in the window, input and output together.'),
    inputTokens: count.optional().describe('The most input tokens in the window.'),
    outputTokens: count.optional().describe('The most output tokens in the window.'),
    concurrent: count.optional().describe('The most requests under way at once.'),
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
  })
  .refine(
    ({ requests, tokens, inputTokens, outputTokens, concurrent }) =>
      [requests, tokens, inputTokens, outputTokens, concurrent].some((one) => one !== undefined),
    'must limit something: requests, tokens, inputTokens, outputTokens or concurrent',
  );

export const options = z.strictObject({
  rules: z.array(rule).default([]).describe('The limits. Keys, teams and users may bring limits of their own besides.'),
  outputEstimate: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(1000)
    .describe('Output tokens reserved for a request that does not say its own maximum.'),
  estimate: z
    .enum(['maximum', 'quantile'])
    .default('maximum')
    .describe(
      'How much output is reserved: the `maximum` that the request allows, or what answers usually have, the `quantile`, of which more is reserved while a stream flows.',
    ),
  quantile: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.95)
    .describe('With `estimate: quantile`, the share of answers that what is reserved is enough for.'),
  short: z
    .enum(['stop', 'finish'])
    .default('finish')
    .describe(
      'With `estimate: quantile`, what happens to a stream that needs more than was reserved when no more is left: `stop` ends it with an error, `finish` lets it end, and counts it in full.',
    ),
  headers: z.boolean().default(true).describe('Whether replies say what is left, in `x-ratelimit-*` headers.'),
  outage: z
    .enum(['closed', 'open'])
    .default('closed')
    .describe('While the shared state cannot be reached: refuse with 503, or let one limit through per process.'),
});

export type Options = z.output<typeof options>;
export type Rule = Options['rules'][number];
