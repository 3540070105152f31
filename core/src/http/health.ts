/** What whoever starts and balances gateways asks: whether the process lives, and whether to send it requests. */
import type { Context } from 'koa';
import type { HealthConfig } from '../config/running.ts';
import type { Readiness } from '../kernel/readiness.ts';

/** The paths; the first is what older balancers know. */
export const HEALTH_PATHS: readonly string[] = ['/health', '/health/live', '/health/ready'];

export interface HealthOptions {
  readonly config: HealthConfig;
  readonly readiness: Readiness;
  /** Whether the gateway takes no new requests. */
  readonly draining: () => boolean;
}

/** Whether a request is one of these. Also while the gateway drains: then most of all. */
export function isHealthPath({ config }: HealthOptions, method: string, path: string): boolean {
  return config.serve && HEALTH_PATHS.includes(path) && (method === 'GET' || method === 'HEAD');
}

/**
 * Answers 200 or 503. Live is a process that answers at all. Ready is one that takes requests and can reach what
 * `health.needs` names; what else cannot be reached is said and changes nothing, for its policy may be to serve without it.
 */
export async function answerHealth({ config, readiness, draining }: HealthOptions, context: Context): Promise<void> {
  context.set('cache-control', 'no-store');
  if (context.path !== '/health/ready') {
    context.body = { status: 'ok' };
    return;
  }
  if (draining()) {
    context.status = 503;
    context.body = { status: 'draining', reason: 'The gateway is stopping and takes no new requests.' };
    return;
  }
  const services = await readiness.services();
  const missing = config.needs.filter((name) => services[name] !== 'ok');
  if (missing.length === 0) {
    context.body = { status: 'ready', services };
    return;
  }
  context.status = 503;
  context.body = { status: 'unavailable', reason: `Not reached: ${missing.join(', ')}.`, services };
}
