/** The way of an exchange: auth, the request's body, transforms, an answer from somewhere, and its end. */
import { GatewayError, toGatewayError } from '../errors.ts';
import type { Awaitable } from '../hooks/points.ts';
import { endOfTurn } from '../in-step.ts';
import type { OperationHooks } from '../hooks/registry.ts';
import { mayUseOperation, type Identity } from '../identity.ts';
import { outlineOf } from '../json/outline.ts';
import { isNeutralReply } from '../reply.ts';
import type { Route } from '../route.ts';
import { goOn, tryFirst } from './attempts/attempts.ts';
import { patientOutlet } from './streams/patient-outlet.ts';
import { chooseRoute, narrow } from './choose-route.ts';
import { deliverNeutral, deliverWire } from './replies/deliver.ts';
import { described } from './described.ts';
import { deepFreeze } from './freeze.ts';
import { takeTurn } from './visitor.ts';
import { fail } from './failure.ts';
import type { Broken } from './attempts/hedge.ts';
import type { LiveExchange } from './live-exchange.ts';
import type { Outlet } from './outlet.ts';
import { finish } from './record.ts';

/** Reads the request: the bytes of its body, or undefined where it has none. Throws where they are too many or too slow. */
export type RequestReader = () => Awaitable<Buffer | undefined>;

/** A hook that somebody taps. */
type Tapped<H extends keyof OperationHooks> = NonNullable<OperationHooks[H]>;

/** Runs a client's exchange to its end, and tells `over` of it; never rejects: failures are answered in the client's dialect. */
export async function run(
  exchange: LiveExchange,
  outlet: Outlet,
  read: RequestReader,
  over: () => void,
): Promise<void> {
  const { kernel } = exchange;
  const { load } = kernel.config;
  let leave: (() => void) | undefined;
  kernel.enter();
  try {
    // With nobody to be in step with, the provider is asked a turn sooner.
    if (kernel.active > 1) await endOfTurn();
    const loading = exchange.dialect?.load?.();
    if (loading !== undefined) await loading;
    const { auth } = exchange.hooks;
    // Where no auth plugin is configured, everyone may come in.
    if (auth !== undefined) admit(exchange, await auth.run(exchange, exchange));
    if (load !== undefined && exchange.trace === undefined) leave = await takeTurn(exchange, load);
    exchange.throwIfAborted();
    const reading = read();
    const bytes = reading instanceof Promise ? await reading : reading;
    if (bytes !== undefined) readHead(exchange, bytes);
    const broken = await answer(exchange, outlet);
    if (broken !== undefined) await goOn(exchange, exchange.patient ?? outlet, broken);
    if (exchange.drained !== undefined) exchange.error ??= toGatewayError(exchange.drained);
  } catch (error) {
    // Whoever is refused at once was alone with it: a flood of them, each answered as it came, would take twice the time.
    await endOfTurn();
    fail(exchange, exchange.patient ?? outlet, toGatewayError(error));
  } finally {
    finish(exchange);
    leave?.();
    kernel.leave();
    if (exchange.upload !== undefined) await exchange.upload.close();
    over();
  }
}

/** Runs a spawned exchange and gives its neutral answer; `over` hears that it has ended. Rejects with what it failed with. */
export async function runNeutral(exchange: LiveExchange, over: () => void): Promise<unknown> {
  const { kernel } = exchange;
  kernel.enter();
  try {
    const broken = await answer(exchange, undefined);
    if (broken !== undefined) await goOn(exchange, undefined, broken);
    exchange.status = 200;
    return exchange.result;
  } catch (error) {
    const failure = toGatewayError(error);
    exchange.error = failure;
    exchange.status = failure.status;
    throw failure;
  } finally {
    over();
    finish(exchange);
    kernel.leave();
  }
}

/** Whoever is known may come in. */
function admit(exchange: LiveExchange, identity: Identity | undefined): void {
  if (identity === undefined) {
    const message =
      exchange.credential === undefined
        ? 'No API key was sent. Send one as "Authorization: Bearer <key>".'
        : 'The API key is not known here.';
    throw new GatewayError('GW_UNAUTHENTICATED', message);
  }
  exchange.identity = identity;
  // Whoever may make things may ask for them: that is seen where it is known what they are.
  if (exchange.operation !== 'kept' && !mayUseOperation(identity, exchange.operation)) {
    throw new GatewayError('GW_FORBIDDEN', `This key may not use the operation "${exchange.operation}".`);
  }
}

/** Reads off the body's outline what routing needs to know. */
function readHead(exchange: LiveExchange, bytes: Buffer): void {
  const { dialect, kernel } = exchange;
  const body = outlineOf(bytes, kernel.config.limits.depth);
  exchange.body = body;
  const head = dialect?.codec.readHead(body);
  // What the path says goes before what the body says.
  if (exchange.model !== '') {
    exchange.stream ||= head?.stream === true;
    return;
  }
  if (head?.model === undefined || head.model === '') {
    throw new GatewayError('GW_BAD_REQUEST', 'The request names no model. Set "model" to a string.', {
      param: 'model',
    });
  }
  exchange.model = head.model;
  exchange.stream = head.stream;
}

/** Answers with what the first target broke off with, where another may go on. Throws, or rejects. */
function answer(exchange: LiveExchange, outlet: Outlet | undefined): Promise<Broken | undefined> {
  exchange.throwIfAborted();
  const { request, answer: early } = exchange.hooks;
  const isPlain = request === undefined && early === undefined && exchange.operation !== 'models';
  return isPlain ? askTarget(exchange, outlet) : answerTapped(exchange, outlet);
}

async function answerTapped(exchange: LiveExchange, outlet: Outlet | undefined): Promise<Broken | undefined> {
  const { request, answer: early } = exchange.hooks;
  if (request !== undefined) await transformRequest(exchange, request);
  if (exchange.operation === 'models') {
    await deliverNeutral(exchange, outlet, listModels(exchange));
    return undefined;
  }
  if (early !== undefined && (await answerEarly(exchange, outlet, early))) return undefined;
  return askTarget(exchange, outlet);
}

/** Nobody waits for a route that is there at once: an exchange keeps less, and is collected sooner. */
function askTarget(exchange: LiveExchange, outlet: Outlet | undefined): Promise<Broken | undefined> {
  const offered = chooseRoute(exchange);
  const route = offered instanceof Promise ? offered.then((one) => narrow(exchange, one)) : narrow(exchange, offered);
  return route instanceof Promise
    ? route.then((one) => askFirstOf(exchange, outlet, one))
    : askFirstOf(exchange, outlet, route);
}

function askFirstOf(exchange: LiveExchange, outlet: Outlet | undefined, route: Route): Promise<Broken | undefined> {
  exchange.route = route;
  exchange.patient = patientOutlet(exchange, outlet);
  return tryFirst(exchange, exchange.patient ?? outlet);
}

async function transformRequest(exchange: LiveExchange, hook: Tapped<'request'>): Promise<void> {
  // Frozen, so that a change in place is a loud error and not one that is silently lost.
  const request = exchange.request();
  const freeze = (): unknown => deepFreeze(request);
  if (exchange.body?.longData?.unread(freeze) === undefined) freeze();
  const changed = await hook.run(request, exchange);
  if (changed === request) return;
  exchange.replaceRequest(changed);
  exchange.requestChanged = true;
}

/** Caches and canned answers, before any target is chosen. */
async function answerEarly(
  exchange: LiveExchange,
  outlet: Outlet | undefined,
  hook: Tapped<'answer'>,
): Promise<boolean> {
  const reply = await hook.run(exchange.request(), exchange);
  if (reply === undefined) return false;
  exchange.answeredBy = hook.taps.length === 1 ? hook.taps[0]?.spec.plugin.id : 'call.answer';
  if (isNeutralReply(reply)) await deliverNeutral(exchange, outlet, reply.response);
  else await deliverWire(exchange, outlet, reply);
  return true;
}

function listModels(exchange: LiveExchange): unknown {
  const { id } = exchange.request<'models'>();
  const { kernel, identity } = exchange;
  const entries = id === undefined ? kernel.models.visibleTo(identity) : [kernel.models.entry(id, identity)];
  return { models: entries.map((entry) => described(kernel, entry)) };
}
