/** The stages of an attempt: it is made, let in, watched, and settled where it fails. */
import { toGatewayError, type GatewayError } from '../../errors.ts';
import { FAILURE_PLAN } from '../../config/call-settings.ts';
import type { Awaitable } from '../../hooks/points.ts';
import type { Target } from '../../route.ts';
import { visitorOf, waitOf } from '../visitor.ts';
import { LiveAttempt } from './live-attempt.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { notServed } from './not-served.ts';
import { askMeters, reserve } from '../meter/reserve.ts';
import { chooseService } from './service.ts';
import { settle } from '../meter/settle.ts';
import type { StreamEnd } from '../streams/stream.ts';
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
export function letIn(attempt: LiveAttempt): Awaitable<GatewayError | undefined> {
  try {
    // Who is refused anyhow, by a breaker or for its price, does not stand in a line before.
    const asked = askMeters(attempt);
    if (attempt.target.concurrency !== undefined && attempt.exchange.trace === undefined) {
      const place = takePlace(attempt);
      if (place instanceof Promise) return letInLater(attempt, place);
      attempt.leave = place;
    }
    const reserving = reserve(attempt, asked);
    return reserving?.then(
      () => undefined,
      (error: unknown) => keptOut(attempt, error),
    );
  } catch (error) {
    return keptOut(attempt, error);
  }
}

async function letInLater(attempt: LiveAttempt, place: Promise<() => void>): Promise<GatewayError | undefined> {
  try {
    attempt.leave = await place;
    // While it waited, the target may have failed, and windows may have ended.
    await reserve(attempt, askMeters(attempt));
    return undefined;
  } catch (error) {
    return keptOut(attempt, error);
  }
}

function keptOut(attempt: LiveAttempt, error: unknown): GatewayError {
  attempt.leave?.();
  return toGatewayError(error);
}

function takePlace(attempt: LiveAttempt): (() => void) | Promise<() => void> {
  const { exchange, target } = attempt;
  const { kernel, model } = exchange;
  const { patience } = kernel.models.find(model)?.onFailure ?? FAILURE_PLAN;
  const { id, concurrency = Infinity, queue = 0 } = target;
  const limits = { concurrency, queue, wait: waitOf(exchange, patience) };
  const visitor = {
    ...visitorOf(exchange),
    onAbort: (listener: (reason: Error) => void) => eitherAborts(attempt, listener),
  };
  return kernel.host.traffic.call(id, visitor, limits);
}

/** A call that is outpaced while it waits goes; so does one whose exchange ends, which is not watched yet. */
function eitherAborts(attempt: LiveAttempt, listener: (reason: Error) => void): () => void {
  const ends = [attempt.onAbort(listener), attempt.exchange.onAbort(listener)];
  return () => {
    for (const end of ends) end();
  };
}

/** Begins an attempt: it counts, and ends with its exchange or with its time. {@link unwatch} must be called when it is over. */
export function watch(attempt: LiveAttempt): void {
  const { exchange } = attempt;
  exchange.attempts.push(attempt);
  exchange.abort.listen(attempt);
  attempt.cancelTimer = limitDuration(attempt);
}

/** Ends what {@link watch} began. */
export function unwatch(attempt: LiveAttempt): void {
  attempt.cancelTimer?.();
  attempt.exchange.abort.unlisten(attempt);
  attempt.leave?.();
}

/** Settles an attempt that failed, or that was ended because another had answered. Answers with what it failed with. */
export async function settleFailure(attempt: LiveAttempt, thrown: unknown): Promise<GatewayError> {
  const error = toGatewayError(attempt.abort.reason ?? thrown);
  // What was said before it failed was made, and is billed, although nobody got it.
  const { summary, status } = attempt;
  if (summary !== undefined) await settle(attempt, { summary, status, error, complete: true });
  else {
    const progress: Pick<StreamEnd, 'summary' | 'produced'> = attempt.flight?.progress ?? { summary: {}, produced: 0 };
    const wasMade = progress.produced > 0 || progress.summary.usage !== undefined;
    await settle(attempt, { ...progress, status: error.details.upstream?.status ?? (wasMade ? status : 0), error });
  }
  return error;
}
