/** What the configuration says of how the process runs: in how many parts, when it reloads, how it tells its health. */
import { z } from 'zod';

/** More are a mistake. */
export const MOST_WORKERS = 512;

export const running = {
  workers: z
    .union([z.int().min(1).max(MOST_WORKERS), z.literal('auto')])
    .prefault(1)
    .describe(
      'How many processes `gatewright start` serves with on this machine; `auto`: one for each processor that it may use.',
    ),
  reload: z
    .strictObject({
      watch: z
        .boolean()
        .prefault(false)
        .describe('Whether `gatewright start` reads this file again when it has changed.'),
    })
    .prefault({})
    .describe('When the configuration is read again, besides on SIGHUP.'),
  health: z
    .strictObject({
      serve: z
        .boolean()
        .prefault(true)
        .describe('Whether `/health`, `/health/live` and `/health/ready` are served, to everybody.'),
      needs: z
        .array(z.enum(['store', 'state']))
        .prefault([])
        .describe('Services without which the gateway is not ready. Others that cannot be reached are only named.'),
    })
    .prefault({})
    .describe('What is told to those who start gateways and balance between them.'),
};

/** How the process tells its health. */
export interface HealthConfig {
  readonly serve: boolean;
  readonly needs: readonly ('store' | 'state')[];
}

/** In how many parts a gateway runs, and when it reloads. */
export interface RunningConfig {
  readonly workers: number | 'auto';
  readonly reload: { readonly watch: boolean };
  readonly health: HealthConfig;
}
