/** The options: where lines go, which ones, and what is hidden in them. */
import { z } from 'zod';

export const options = z.strictObject({
  destination: z
    .string()
    .min(1)
    .default('stdout')
    .describe('Where the lines go: `stdout`, `stderr`, or the path of a file, which is appended to.'),
  level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe(
      'The lowest level that is written. Exchanges are `info`, `warn` where refused, `error` from status 500 up.',
    ),
  redact: z
    .array(z.string().min(1))
    .default([])
    .describe("Paths of values that are written as `[hidden]`, in pino's form: `user`, `attempts[*].upstreamId`."),
  buffer: z
    .int()
    .min(65_536)
    .max(1_073_741_824)
    .default(8_388_608)
    .describe(
      'Bytes of lines that wait while the destination is slow or broken. What comes beyond is dropped and counted.',
    ),
});

export type LogOptions = z.output<typeof options>;
