/** Tries the targets of a route until one has answered: retries, then the next target. */
import { GatewayError, toGatewayError } from '../errors.ts';
import type { Target } from '../route.ts';
import { callTarget } from './call.ts';
import { explainCall } from './dry-call.ts';
import { LiveAttempt } from './live-attempt.ts';
import type { LiveExchange } from './live-exchange.ts';
import type { Outlet } from './outlet.ts';
import { prepare } from './prepare.ts';
import { reserve } from './reserve.ts';
import { notServed } from './not-served.ts';
import { chooseService, type Service } from './service.ts';
import { settle } from './settle.ts';

/** The longest that a client is kept waiting for a provider's `retry-after`, in milliseconds; for longer, the next target is asked. */
const PATIENCE = 10_000;
/** The first pause before a retry is at most this long, in milliseconds; each further one at most twice the last. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8_000;

/** Resolves when the client has its answer, whole or ended by an error. Rejects when no target could serve it. */
export async function tryTargets(exchange: LiveExchange, outlet: Outlet | undefined): Promise<void> {
  let last: GatewayError | undefined;
  for (const target of exchange.route?.targets ?? []) {
    for (let tries = 1; ; tries++) {
      const failure = await tryOnce(exchange, outlet, target);
      if (failure === undefined) return;
      exchange.throwIfAborted();
      if (exchange.rescue?.asksAgain(target, exchange.attempts.at(-1)?.joining, failure) === true) continue;
      // What a provider said is worth more to the client than that the next target has no budget left, or cannot do it.
      last = isLesser(failure) && last !== undefined ? last : failure;
      const next = nextStep(failure, tries, target);
      if (next === 'stop' && exchange.rescue === undefined) throw failure;
      if (next !== 'retry') break;
      await pause(exchange, tries, failure);
    }
  }
  throw last ?? new GatewayError('GW_NO_TARGET', `No target is left that may serve the model "${exchange.model}".`);
}

/** One attempt. Answers with its failure, where it failed before the client saw anything. */
async function tryOnce(
  exchange: LiveExchange,
  outlet: Outlet | undefined,
  target: Target,
): Promise<GatewayError | undefined> {
  const service = serviceOf(exchange, target);
  if (service instanceof Error) return service;
  const attempt = new LiveAttempt(exchange, target, service);
  const shortage = exchange.hooks.reserve.length === 0 ? undefined : await reserveOrError(attempt);
  // Nothing was reserved and nothing was sent: there is no attempt to settle.
  if (shortage !== undefined) return shortage;
  exchange.attempts.push(attempt);
  const unlisten = exchange.onAbort((reason) => attempt.abort.abort(reason));
  const cancelTimer = limitDuration(attempt);
  try {
    exchange.throwIfAborted();
    prepare(attempt);
    if (exchange.trace === undefined) {
      const answer = await callTarget(attempt, outlet !== undefined);
      return await answer.deliver(outlet);
    } else await explainCall(attempt, exchange.trace);
    return undefined;
  } catch (thrown) {
    const error = toGatewayError(attempt.abort.reason ?? thrown);
    await settle(attempt, { summary: {}, status: error.details.upstream?.status ?? 0, error });
    return error;
  } finally {
    cancelTimer();
    unlisten();
  }
}

/** Aborts an attempt that takes longer than its target may; the answer calls that off. */
function limitDuration({ exchange, target, abort }: LiveAttempt): () => void {
  const { total } = target.timeouts;
  return exchange.kernel.clock.after(total, () => {
    const message = `${target.id} did not finish within ${total} ms.`;
    abort.abort(new GatewayError('GW_UPSTREAM_TIMEOUT', message, { target: target.id }));
  });
}

async function reserveOrError(attempt: LiveAttempt): Promise<GatewayError | undefined> {
  try {
    await reserve(attempt);
    return undefined;
  } catch (error) {
    return toGatewayError(error);
  }
}

function serviceOf(exchange: LiveExchange, target: Target): Service | GatewayError {
  const { kernel, operation: name } = exchange;
  const provider = kernel.hooks.providers.get(target.provider);
  const service =
    provider === undefined ? undefined : chooseService(kernel, provider, name, target.model, exchange.dialect);
  if (service !== undefined) return service;
  return notServed(exchange, target);
}

type Step = 'retry' | 'next-target' | 'stop';

function nextStep(error: GatewayError, tries: number, target: Target): Step {
  switch (error.code) {
    case 'GW_BAD_REQUEST':
    case 'GW_INVALID_JSON':
    case 'GW_DEPTH':
    case 'GW_INTERNAL':
      return 'stop';
    // A silent target is not asked again in the same exchange.
    case 'GW_UPSTREAM_TIMEOUT':
    // Other targets may have budgets that an outage of the state does not close.
    case 'GW_STATE_UNAVAILABLE':
    // It will not be called for a while.
    case 'GW_TARGET_UNHEALTHY':
      return 'next-target';
    case 'GW_UPSTREAM_ERROR':
      if (isClientsFault(error.status)) return 'stop';
      break;
    default:
  }
  if (!error.retryable || tries > target.retries || (error.details.retryAfter ?? 0) > PATIENCE) return 'next-target';
  return 'retry';
}

/** No other target would take the request either. */
function isClientsFault(status: number): boolean {
  return status === 400 || status === 413 || status === 422;
}

/** Codes of targets that were not called at all. */
const LESSER: ReadonlySet<string> = new Set([
  'GW_BUDGET_EXCEEDED',
  'GW_RATE_LIMITED',
  'GW_TARGET_UNHEALTHY',
  'GW_UNPRICED',
  'GW_UNSUPPORTED',
]);

function isLesser(error: GatewayError): boolean {
  return LESSER.has(error.code);
}

/** Waits with full jitter, or as long as the provider asked for; ends early when the exchange is aborted. */
async function pause(exchange: LiveExchange, tries: number, failure: GatewayError): Promise<void> {
  const { clock, host } = exchange.kernel;
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1));
  const delay = Math.max(failure.details.retryAfter ?? 0, host.random() * most);
  await new Promise<void>((resolve) => {
    const cancel = clock.after(delay, () => {
      unlisten();
      resolve();
    });
    const unlisten = exchange.onAbort(() => {
      cancel();
      resolve();
    });
  });
  exchange.throwIfAborted();
}
