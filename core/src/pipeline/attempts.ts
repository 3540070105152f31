/** Tries targets until one has answered: retries, then the next target. */
import { GatewayError } from '../errors.ts';
import type { Target } from '../route.ts';
import { isGuarded, letIn, makeAttempt, settleFailure, watch } from './attempt-life.ts';
import { callTarget } from './call.ts';
import { Course } from './course.ts';
import { explainCall } from './dry-call.ts';
import { askBesides, type Broken } from './hedge.ts';
import type { LiveExchange } from './live-exchange.ts';
import type { Outlet } from './outlet.ts';
import { prepare } from './prepare.ts';

/** Resolves when the client has its answer, whole or ended by an error. Rejects when no target could serve it. */
export async function tryTargets(exchange: LiveExchange, outlet: Outlet | undefined): Promise<void> {
  const { kernel, model, route, trace } = exchange;
  const first = route?.targets[0];
  if (route === undefined || first === undefined) {
    throw new GatewayError('GW_NO_TARGET', `No target is left that may serve the model "${model}".`);
  }
  kernel.host.traffic.retries(first.id).tried();
  if (route.hedge !== undefined && route.targets.length > 1 && trace === undefined) {
    const course = new Course(exchange);
    const broken = await askBesides(exchange, outlet, course, route.hedge, first);
    if (broken !== undefined) await goOn(exchange, outlet, broken, course);
    return;
  }
  const failure = await tryOnce(exchange, outlet, first);
  if (failure !== undefined) await goOn(exchange, outlet, { target: first, failure }, new Course(exchange));
}

async function goOn(exchange: LiveExchange, outlet: Outlet | undefined, broken: Broken, course: Course): Promise<void> {
  let { target } = broken;
  let failure: GatewayError | undefined = broken.failure;
  while (failure !== undefined) {
    exchange.throwIfAborted();
    if (exchange.rescue?.asksAgain(target, exchange.attempts.at(-1)?.joining, failure) !== true) {
      const step = await course.after(target, failure);
      if (step === undefined) throw course.error;
      if (step.wait > 0) await course.pause(step.wait);
      target = step.target;
    }
    failure = await tryOnce(exchange, outlet, target);
  }
}

/** One attempt. Answers with its failure, where it failed before the client saw anything. */
async function tryOnce(
  exchange: LiveExchange,
  outlet: Outlet | undefined,
  target: Target,
): Promise<GatewayError | undefined> {
  const attempt = makeAttempt(exchange, target);
  if (attempt instanceof Error) return attempt;
  const shortage = isGuarded(attempt) ? await letIn(attempt) : undefined;
  // Nothing was reserved and nothing was sent: there is no attempt to settle.
  if (shortage !== undefined) return shortage;
  const stopWatching = watch(attempt);
  try {
    exchange.throwIfAborted();
    attempt.throwIfAborted();
    const waiting = prepare(attempt);
    if (waiting !== undefined) await waiting;
    if (exchange.trace === undefined) {
      const answer = await callTarget(attempt, outlet !== undefined);
      attempt.begun = true;
      return await answer.deliver(outlet);
    } else await explainCall(attempt, exchange.trace);
    return undefined;
  } catch (thrown) {
    return await settleFailure(attempt, thrown);
  } finally {
    stopWatching();
  }
}
