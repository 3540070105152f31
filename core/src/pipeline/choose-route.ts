/** Finds the targets that an exchange may go to, in the order that the configuration and the taps of `route` give them. */
import { GatewayError } from '../errors.ts';
import type { Awaitable } from '../hooks/points.ts';
import { Offer } from '../kernel/offer.ts';
import { LazyRoute } from '../lazy-route.ts';
import type { Hedge, Route, Target } from '../route.ts';
import { narrowToBound, routeToKept } from './bound.ts';
import type { LiveExchange } from './live-exchange.ts';

/** What is offered to the taps. Throws, or rejects, where there is nothing. */
export function chooseRoute(exchange: LiveExchange): Awaitable<Route> {
  if (exchange.operation === 'kept') return routeToKept(exchange);
  const { models, host } = exchange.kernel;
  const route = models.route(exchange.model, exchange.identity, host.random);
  return exchange.dialect?.keeping === undefined ? route : narrowToBound(exchange, route);
}

/** What the taps make of it. Throws, or rejects, with `GW_PLUGIN_RESULT` where one adds a target. */
export function narrow(exchange: LiveExchange, offered: Route): Awaitable<Route> {
  const hook = exchange.hooks.route;
  if (hook === undefined) return offered;
  const chosen = hook.run(offered, exchange);
  return chosen instanceof Promise ? chosen.then((route) => within(offered, route)) : within(offered, chosen);
}

/** The targets of other models that a request may go to which its own cannot serve; the taps see them like all others. */
export async function spareTargets(exchange: LiveExchange, models: readonly string[]): Promise<readonly Target[]> {
  const { kernel, identity } = exchange;
  const targets = models.flatMap((name) => kernel.models.targetsOf(name, identity, kernel.host.random));
  return targets.length === 0 ? targets : (await narrow(exchange, { targets })).targets;
}

function within(offered: Route, chosen: Route): Route {
  if (chosen === offered) return offered;
  if (chosen instanceof LazyRoute) return new Narrowed(offered, chosen);
  checkAll(offered, chosen.targets);
  return chosen;
}

/** A lazy route of a tap: each look at it is checked. */
class Narrowed extends LazyRoute {
  readonly #offered: Route;
  readonly #chosen: LazyRoute;
  declare readonly hedge?: Hedge;

  constructor(offered: Route, chosen: LazyRoute) {
    super();
    this.#offered = offered;
    this.#chosen = chosen;
    if (chosen.hedge !== undefined) this.hedge = chosen.hedge;
  }

  protected override choose(): Target | undefined {
    const { first } = this.#chosen;
    if (first !== undefined && !isOffered(this.#offered, first)) refuse(first);
    return first;
  }

  protected override order(): readonly Target[] {
    const { targets } = this.#chosen;
    checkAll(this.#offered, targets);
    return targets;
  }
}

function checkAll(offered: Route, targets: readonly Target[]): void {
  for (const target of targets) if (!isOffered(offered, target)) refuse(target);
}

function isOffered(offered: Route, target: Target): boolean {
  return offered instanceof Offer ? offered.has(target) : offered.targets.includes(target);
}

function refuse({ id }: Target): never {
  const message = `A route tap added the target "${id}", which was not offered; it may only narrow and reorder.`;
  throw new GatewayError('GW_PLUGIN_RESULT', message, { hook: 'route' });
}
