/** The options: where metrics are read, how they are labelled, and in which steps they are counted. */
import { secret } from '@gatewright/core';
import { z } from 'zod';
import { OWN_LABELS } from './labels.ts';

const labelName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'A label is made of letters, digits and underscores: "region".' })
  .refine((name) => !name.startsWith('__') && !OWN_LABELS.has(name), {
    error: `Labels that begin with "__" are Prometheus' own, and these are the plugin's: ${[...OWN_LABELS].join(', ')}.`,
  });

const bounds = z
  .array(z.number().positive())
  .min(1)
  .refine((list) => list.every((bound, index) => index === 0 || bound > (list[index - 1] as number)), {
    error: 'Write the bounds from the smallest to the largest, each once.',
  });

const buckets = z.strictObject({
  duration: bounds
    .default([0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320])
    .describe('Of whole requests and of calls to providers.'),
  firstToken: bounds
    .default([0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2])
    .describe('To the first token.'),
  overhead: bounds
    .default([0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5])
    .describe('What the gateway itself adds.'),
});

export const options = z.strictObject({
  path: z.string().startsWith('/').default('/metrics').describe('The path at which Prometheus reads.'),
  token: secret().optional().describe('The bearer token that readers must send. Left out: anyone may read.'),
  labels: z.record(labelName, z.string()).default({}).describe('Labels with fixed values that every metric gets.'),
  by: z
    .array(z.enum(['key', 'user', 'team', 'organisation']))
    .default(['team'])
    .describe('What of the caller is told apart in the metrics of tokens and cost.'),
  buckets: buckets.prefault({}).describe('Upper bounds of the buckets of histograms, in seconds.'),
  series: z
    .int()
    .min(10)
    .default(2000)
    .describe('How many combinations of labels there may be of each kind; what comes beyond is counted as `other`.'),
  process: z
    .boolean()
    .default(true)
    .describe('Also the metrics of the Node process: memory, CPU, event loop, garbage.'),
});

export type MetricsOptions = z.output<typeof options>;
