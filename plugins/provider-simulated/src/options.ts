/** The options of the simulated provider. */
import { z } from 'zod';
import { FAULTS, faultNamed } from './faults.ts';

const fault = z.string().refine((name) => faultNamed(name) !== undefined, {
  error: ({ input }) =>
    `There is no fault "${String(input)}". There are: ${FAULTS.map(({ form }) => form).join(', ')}.`,
});

export const options = z.strictObject({
  dialect: z
    .enum(['openai-chat', 'anthropic-messages'])
    .default('openai-chat')
    .describe('The dialect that the simulated provider speaks.'),
  tokensPerSecond: z.number().min(0).max(1_000_000).default(60).describe('How fast it answers; 0 for all at once.'),
  firstTokenDelay: z.number().min(0).max(600_000).default(300).describe('Milliseconds before it begins to answer.'),
  faults: z
    .array(fault)
    .default([])
    .describe('How every reply misbehaves; the table of faults has the names. Models and prompts can ask for more.'),
});

export type Options = z.output<typeof options>;
