/** Ends attempts: their outcome, their cost, and the meters that must hear of it. */
import type { AttemptOutcome } from '../../attempt.ts';
import type { Summary } from '../../dialect.ts';
import type { GatewayError } from '../../errors.ts';
import { unfinishedStep, type StepEnd } from '../../in-step.ts';
import { bind } from '../bound.ts';
import { outputTokens, type Usage } from '../../usage.ts';
import { postings } from './claims.ts';
import { isGone } from '../attempts/client-gone.ts';
import type { LiveAttempt } from '../attempts/live-attempt.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface AttemptEnd {
  readonly summary: Summary;
  /** The provider's HTTP status; 0 where no head arrived. */
  readonly status: number;
  readonly malformed?: number;
  readonly produced?: number;
  readonly error?: GatewayError;
  /** The provider's answer was whole, and what failed came behind it. */
  readonly complete?: boolean;
}

/** Settles an attempt once; a second call changes nothing. Answers with what is to be waited for, if anything is; that never rejects. */
export function settle(attempt: LiveAttempt, end: AttemptEnd): Promise<void> | undefined {
  if (attempt.outcome !== undefined) return undefined;
  const { exchange } = attempt;
  const { kernel } = exchange;
  const outcome: Writable<AttemptOutcome> = makeOutcome(attempt, end);
  attempt.outcome = outcome;
  if (bind(attempt, end)) outcome.kept = true;
  exchange.timings.received = kernel.clock.monotonic();
  exchange.timings.upstream += outcome.duration;
  const { settle: hook } = exchange.hooks;
  if (attempt.reserved !== undefined) outcome.postings = postings(attempt.reserved, outcome, kernel.logger);
  const metering = hook?.run(outcome, attempt, exchange);
  const step = unfinishedStep();
  return metering instanceof Promise
    ? metering.then(() => settleBehind(attempt, outcome, unfinishedStep() ?? step))
    : settleBehind(attempt, outcome, step);
}

/**
 * What the meters put down comes first: a hold that is settled and has no row would be forgotten with its process. Where it could
 * not be put down, the client does not wait for it, and the hold does.
 */
function settleBehind(
  attempt: LiveAttempt,
  outcome: AttemptOutcome,
  step: Promise<StepEnd> | undefined,
): Promise<void> | undefined {
  if (step !== undefined) {
    return step.then(({ undone }) => {
      if (undone.length === 0) settleHold(attempt, outcome);
      else void Promise.all(undone).then(() => settleHold(attempt, outcome));
    });
  }
  settleHold(attempt, outcome);
  return undefined;
}

/** Nobody waits for the shared state: the meters have what is needed, and what was held is more than what was used. */
function settleHold(attempt: LiveAttempt, { postings: bill }: AttemptOutcome): void {
  const { state } = attempt.exchange.kernel;
  if (bill === undefined || state === undefined) return;
  if (state.settleNow === undefined) {
    const settling = state.settle(attempt.id, bill);
    settling.then((result) => attempt.settled?.(result)).catch((error: unknown) => notSettled(attempt, error));
    return;
  }
  try {
    const result = state.settleNow(attempt.id, bill, attempt.reserved?.grants);
    attempt.settled?.(result);
  } catch (error) {
    notSettled(attempt, error);
  }
}

function notSettled({ id, exchange }: LiveAttempt, error: unknown): void {
  exchange.kernel.logger.error('A hold could not be settled; its lease will end it.', { attempt: id, error });
}

function makeOutcome(attempt: LiveAttempt, end: AttemptEnd): AttemptOutcome {
  const { summary, status, error, malformed, produced, complete = error === undefined } = end;
  const { exchange, target } = attempt;
  const { kernel, timings } = exchange;
  const { stop } = summary;
  const told = complete ? summary.usage : unfinished(summary.usage, produced);
  // What is asked for again was used, and paid for, when it was made.
  const usage = attempt.kept === undefined ? told : undefined;
  const outcome: Writable<AttemptOutcome> = {
    result: attempt.outpaced ? 'hedged' : resultOf(error),
    status,
    usageComplete: usage !== undefined && complete,
    duration: kernel.clock.monotonic() - attempt.started,
  };
  if (error !== undefined && !attempt.outpaced) outcome.error = error;
  if (told !== undefined && attempt.kept !== undefined) outcome.recalled = told;
  if (usage !== undefined) {
    outcome.usage = usage;
    const cost = kernel.prices?.cost(target, usage, exchange.time);
    if (cost !== undefined) outcome.cost = cost;
  } else if (produced !== undefined && produced > 0) outcome.produced = produced;
  if (isGone(error) && !complete && target.onClientGone === 'estimate') outcome.assumed = true;
  if (malformed !== undefined && malformed > 0) outcome.malformed = malformed;
  if (stop !== undefined) outcome.stop = stop;
  if (summary.id !== undefined) outcome.upstreamId = summary.id;
  if (summary.model !== undefined) outcome.upstreamModel = summary.model;
  // What the client has by then is not what a call said that was outpaced.
  const first = attempt.outpaced ? 0 : timings.content;
  if (attempt.stream && first > attempt.started) outcome.timeToFirstToken = first - attempt.started;
  return outcome;
}

/** Some dialects tell the input at the beginning of a stream, and its output only at the end. */
function unfinished(usage: Usage | undefined, produced = 0): Usage | undefined {
  if (usage === undefined) return undefined;
  const missing = produced - outputTokens(usage);
  return missing > 0 ? { ...usage, output: usage.output + missing } : usage;
}

function resultOf(error: GatewayError | undefined): AttemptOutcome['result'] {
  switch (error?.code) {
    case undefined:
      return 'success';
    case 'GW_UPSTREAM_TIMEOUT':
      return 'timeout';
    case 'GW_CLIENT_CLOSED':
      return 'client-gone';
    case 'GW_SHUTTING_DOWN':
      return 'shutdown';
    default:
      return 'error';
  }
}
