/** How much a gateway takes on at once, before it sends requests away: the setting `load`. */
import { z } from 'zod';
import { duration, size } from './measure.ts';

export const load = z.strictObject({
  concurrency: z.int().min(1).optional().describe('How many requests are worked on at once. Default: any number.'),
  queue: z.int().min(0).prefault(100).describe('How many more may wait for their turn; tenants take turns.'),
  wait: duration().prefault('5s').describe('How long one may wait before it is sent away.'),
  lag: duration()
    .optional()
    .describe('How late the event loop may be before requests are sent away at once. Default: any time.'),
  memory: size()
    .optional()
    .describe('How large the process may be in memory before requests are sent away at once. Default: any size.'),
});

/** What a gateway takes on; what is absent has no bound. */
export interface LoadLimits {
  readonly concurrency?: number | undefined;
  readonly queue: number;
  /** Milliseconds. */
  readonly wait: number;
  /** Milliseconds. */
  readonly lag?: number | undefined;
  /** Bytes. */
  readonly memory?: number | undefined;
}
