/** The options of the plugin, as the configuration gives them. */
import { z } from 'zod';

export const options = z.strictObject({
  lease: z
    .int()
    .min(100)
    .default(15_000)
    .describe(
      'Milliseconds. A process whose event loop stood still for so long finds its holds ended: they are billed all the same, and counted as late.',
    ),
  storeTimeout: z
    .int()
    .min(10)
    .default(2000)
    .describe('Milliseconds that reading what a budget had spent may take, when it is first asked for.'),
});

export type StateMemoryOptions = z.output<typeof options>;
