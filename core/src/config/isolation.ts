/** What the configuration says of a plugin that runs in a thread of its own. */
import { z } from 'zod';
import { ISOLATION, type IsolationLimits } from '../isolation/limits.ts';
import { given } from './given.ts';
import { duration, size } from './measure.ts';

const limits = z.strictObject({
  memory: size().optional().describe('The most heap that the thread may use. Default 256mib.'),
  unresponsive: duration()
    .optional()
    .describe('How long the thread may be busy without answering; then it is stopped. Default 2s.'),
  restarts: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('How often it is started again within `within`; after that it is left alone until a reload. Default 3.'),
  within: duration().optional().describe('The time in which restarts are counted. Default 1m.'),
});

/** The setting `isolate` of a plugin's entry. */
export const isolation = z
  .union([z.boolean(), limits])
  .optional()
  .describe(
    'Runs the plugin in a thread of its own, so that one that blocks, crashes or fills its memory does not harm the gateway. Its hooks see copies; streams, claims, HTTP and services are not for it. This contains faults, and is no protection against a plugin that means harm.',
  );

/** Undefined where the plugin is not isolated. */
export function isolationOf(setting: boolean | Partial<IsolationLimits> | undefined): IsolationLimits | undefined {
  if (setting === undefined || setting === false) return undefined;
  return { ...ISOLATION, ...(setting === true ? {} : given(setting)) };
}
