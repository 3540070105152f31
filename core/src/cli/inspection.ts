/** Boots a gateway only to look at it: nothing listens, and nothing of it is left. */
import { createGateway, type Gateway } from '../gateway.ts';
import { configLocation } from './location.ts';
import { terminalLogger } from './logger.ts';
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
  const gateway = await createGateway(configLocation(config, cwd), { cwd, env, clock, dry, logger });
  try {
    return await look(gateway);
  } finally {
    await gateway.close();
  }
}
