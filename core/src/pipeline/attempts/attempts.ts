/** Tries targets until one has answered: retries, then the next target. */
import { GatewayError } from '../../errors.ts';
import { firstOf } from '../../lazy-route.ts';
import type { Target } from '../../route.ts';
import { isGuarded, letIn, makeAttempt, settleFailure, unwatch, watch } from './attempt-life.ts';
import { callTarget } from './call.ts';
import { Course } from './course.ts';
import { explainCall } from './dry-call.ts';
import { askBesides, type Broken } from './hedge.ts';
import type { LiveExchange } from '../live-exchange.ts';
import type { Outlet } from '../outlet.ts';
import { prepare } from './prepare.ts';

/**
 * Resolves when the client has its answer, whole or ended by an error; or with what the first target failed with: then
 * {@link goOn} comes next. Throws, or rejects.
 */
export function tryFirst(exchange: LiveExchange, outlet: Outlet | undefined): Promise<Broken | undefined> {
  const { kernel, model, route, trace } = exchange;
  const first = route && firstOf(route);
  if (route === undefined || first === undefined) {
    throw new GatewayError('GW_NO_TARGET', `No target is left that may serve the model "${model}".`);
  }
  kernel.host.traffic.retries(first.id).tried();
  if (route.hedge !== undefined && route.targets.length > 1 && trace === undefined) {
    return askBesides(exchange, outlet, new Course(exchange), route.hedge, first);
  }
  return tryOnce(exchange, outlet, first);
}

/** Tries until the client has its answer. Rejects when no target could serve it. */
export async function goOn(exchange: LiveExchange, outlet: Outlet | undefined, first: Broken): Promise<void> {
  const { course = new Course(exchange) } = first;
  let broken: Broken | undefined = first;
  while (broken !== undefined) {
    exchange.throwIfAborted();
    const { failure, joining }: Broken = broken;
    let { target }: Broken = broken;
    if (exchange.rescue?.asksAgain(target, joining, failure) !== true) {
      const step = await course.after(target, failure);
      if (step === undefined) throw course.error;
      if (step.wait > 0) await course.pause(step.wait);
      target = step.target;
    }
    broken = await tryOnce(exchange, outlet, target);
  }
}

/** One attempt. Answers with its failure, where the client was not told of it. */
async function tryOnce(
  exchange: LiveExchange,
  outlet: Outlet | undefined,
  target: Target,
): Promise<Broken | undefined> {
  const attempt = makeAttempt(exchange, target);
  if (attempt instanceof Error) return { target, failure: attempt };
  const letting = isGuarded(attempt) ? letIn(attempt) : undefined;
  const shortage = letting instanceof Promise ? await letting : letting;
  // Nothing was reserved and nothing was sent: there is no attempt to settle.
  if (shortage !== undefined) return { target, failure: shortage };
  const { joining } = attempt;
  watch(attempt);
  try {
    exchange.throwIfAborted();
    attempt.throwIfAborted();
    const waiting = prepare(attempt);
    if (waiting !== undefined) await waiting;
    if (exchange.trace === undefined) {
      const answer = await callTarget(attempt, outlet !== undefined);
      attempt.begun = true;
      const delivering = answer.deliver(outlet);
      const failure = delivering instanceof Promise ? await delivering : delivering;
      return failure && { target, failure, joining };
    } else await explainCall(attempt, exchange.trace);
    return undefined;
  } catch (thrown) {
    return { target, failure: await settleFailure(attempt, thrown), joining };
  } finally {
    unwatch(attempt);
  }
}
