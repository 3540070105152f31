/** The stages of an attempt: it is made, let in, watched, and settled where it fails. */
import { toGatewayError, type GatewayError } from '../errors.ts';
import { FAILURE_PLAN } from '../config/call-settings.ts';
import { tenantOf } from '../bindings.ts';
import type { Target } from '../route.ts';
import { deadlineOf } from './caller-timeouts.ts';
import { endFor } from './client-gone.ts';
import { LiveAttempt } from './live-attempt.ts';
import type { LiveExchange } from './live-exchange.ts';
import { notServed } from './not-served.ts';
import { reserve } from './reserve.ts';
import { chooseService } from './service.ts';
import { settle } from './settle.ts';
import { limitDuration } from './time-limits.ts';

/** An attempt at a target, or why there can be none. */
export function makeAttempt(exchange: LiveExchange, target: Target): LiveAttempt | GatewayError {
  const { kernel, operation, dialect } = exchange;
  const provider = kernel.hooks.providers.get(target.provider);
  const service =
    provider === undefined ? undefined : chooseService(kernel, provider, operation, target.model, dialect);
  return service === undefined ? notServed(exchange, target) : new LiveAttempt(exchange, target, service);
}

/** Whether an attempt has to be let in at all. */
export function isGuarded({ exchange, target }: LiveAttempt): boolean {
  return exchange.hooks.reserve.length > 0 || target.concurrency !== undefined;
}

/** Takes a place at the target and reserves what the attempt may cost; answers with why that could not be. */
export async function letIn(attempt: LiveAttempt): Promise<GatewayError | undefined> {
  try {
    if (attempt.target.concurrency !== undefined && attempt.exchange.trace === undefined) await takePlace(attempt);
    if (attempt.exchange.hooks.reserve.length > 0) await reserve(attempt);
    return undefined;
  } catch (error) {
    attempt.leave?.();
    return toGatewayError(error);
  }
}

async function takePlace(attempt: LiveAttempt): Promise<void> {
  const { exchange, target } = attempt;
  const { kernel, identity, model } = exchange;
  const patience = (kernel.models.find(model)?.onFailure ?? FAILURE_PLAN).patience;
  const wait = Math.max(0, Math.min(patience, deadlineOf(exchange) - kernel.clock.monotonic()));
  const guest = {
    tenant: identity.organisation ?? tenantOf(identity),
    onAbort: (listener: (reason: Error) => void) => exchange.onAbort(listener),
  };
  const { traffic } = kernel.host;
  attempt.leave = await traffic.call(target.id, guest, target.concurrency ?? Infinity, target.queue ?? 0, wait);
}

/** Begins an attempt: it counts, and ends with its exchange or with its time. The answer must be called when it is over. */
export function watch(attempt: LiveAttempt): () => void {
  const { exchange } = attempt;
  exchange.attempts.push(attempt);
  const unlisten = exchange.onAbort((reason) => endFor(attempt, reason));
  const cancelTimer = limitDuration(attempt);
  return () => {
    cancelTimer();
    unlisten();
    attempt.leave?.();
  };
}

/** Settles an attempt that failed, or that was ended because another had answered. Answers with what it failed with. */
export async function settleFailure(attempt: LiveAttempt, thrown: unknown): Promise<GatewayError> {
  const error = toGatewayError(attempt.abort.reason ?? thrown);
  await settle(attempt, { summary: {}, status: error.details.upstream?.status ?? 0, error });
  return error;
}
