/** Boots a gateway only to look at it: nothing listens, and nothing of it is left. */
import { formatProblems } from '../config/problems.ts';
import { GatewayError } from '../errors.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { placementProblems } from '../workers/placement.ts';
import { configLocation } from './location.ts';
import { terminalLogger } from './logger.ts';
import { withProviders } from './missing-service.ts';
import type { Terminal } from './terminal.ts';

export interface InspectionOptions {
  /** The file, or the folder that has one. Default: the working directory. */
  readonly config?: string | undefined;
  /** How far the plugins are brought. Default: set up. */
  readonly dry?: 'sealed' | 'ready';
}

/** What `look` makes of the gateway. Rejects with a GatewayError where it does not boot. */
export async function inspect<T>(
  { config, dry = 'sealed' }: InspectionOptions,
  terminal: Terminal,
  look: (gateway: Gateway) => T | Promise<T>,
): Promise<T> {
  const { cwd, env, clock } = terminal;
  const logger = { ...terminalLogger(terminal), info: () => undefined };
  const location = configLocation(config, cwd);
  const gateway = await createGateway(location, { cwd, env, clock, dry, logger }).catch(async (error: unknown) => {
    throw await withProviders(error, location, cwd);
  });
  try {
    checkPlacement(gateway);
    return await look(gateway);
  } finally {
    await gateway.close();
  }
}

/** What keeps several processes from serving it, where the configuration asks for them. */
function checkPlacement({ kernel: { config } }: Gateway): void {
  const problems = config.workers === 1 ? [] : placementProblems(config);
  if (problems.length > 0) throw new GatewayError('GW_CONFIG', formatProblems(problems), { problems });
}
