/** The setting of what becomes of an answer whose client has left. */
import { z } from 'zod';
import { duration } from './measure.ts';

/** How long `drain` reads on where nothing else is said. */
const DRAIN = { time: 30_000, tokens: 10_000 } as const;

const drain = z.strictObject({
  drain: z
    .strictObject({
      time: duration().prefault('30s').describe('How long the answer is read on at most. Default 30s.'),
      tokens: z
        .int()
        .min(1)
        .max(10_000_000)
        .prefault(DRAIN.tokens)
        .describe('How many more output tokens it may have. Default 10000.'),
    })
    .describe('Reads the answer to its end without the client, to learn its usage.'),
});

export const onClientGone = z
  .union([z.enum(['cancel', 'estimate', 'drain']), drain], {
    error: 'must be cancel, estimate, drain, or { drain: { time: 30s, tokens: 10000 } }',
  })
  .transform((given) => (typeof given === 'object' ? given.drain : given === 'drain' ? DRAIN : given))
  .optional()
  .describe(
    'What becomes of an answer whose client has left: `cancel` ends the call and bills what was produced; `estimate` ends it and bills what was reserved, for providers that go on and bill; `drain` reads it to its end without the client and bills its usage, for 30 seconds and 10,000 tokens at most. Default cancel.',
  );
