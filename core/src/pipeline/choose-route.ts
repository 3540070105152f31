/** Finds the targets that an exchange may go to, in the order that the configuration and the taps of `route` give them. */
import { GatewayError } from '../errors.ts';
import type { Awaitable } from '../hooks/points.ts';
import { Offer } from '../kernel/offer.ts';
import type { Route, Target } from '../route.ts';
import { narrowToBound, routeToKept } from './bound.ts';
import type { LiveExchange } from './live-exchange.ts';

/** What is offered to the taps. Throws, or rejects, where there is nothing. */
export function chooseRoute(exchange: LiveExchange): Awaitable<Route> {
  if (exchange.operation === 'kept') return routeToKept(exchange);
  const { models, host } = exchange.kernel;
  const route = models.route(exchange.model, exchange.identity, host.random);
  return exchange.dialect?.keeping === undefined ? route : narrowToBound(exchange, route);
}

/** What the taps make of it. Throws `GW_PLUGIN_RESULT` where one adds a target. */
export async function narrow(exchange: LiveExchange, offered: Route): Promise<Route> {
  const hook = exchange.hooks.route;
  if (hook === undefined) return offered;
  const chosen = await hook.run(offered, exchange);
  if (chosen === offered) return offered;
  const stranger =
    offered instanceof Offer
      ? offered.stranger(chosen.targets)
      : chosen.targets.find((target) => !offered.targets.includes(target));
  if (stranger !== undefined) {
    const message = `A route tap added the target "${stranger.id}", which was not offered; it may only narrow and reorder.`;
    throw new GatewayError('GW_PLUGIN_RESULT', message, { hook: 'route' });
  }
  return chosen;
}

/** The targets of other models that a request may go to which its own cannot serve; the taps see them like all others. */
export async function spareTargets(exchange: LiveExchange, models: readonly string[]): Promise<readonly Target[]> {
  const { kernel, identity } = exchange;
  const targets = models.flatMap((name) => kernel.models.targetsOf(name, identity, kernel.host.random));
  return targets.length === 0 ? targets : (await narrow(exchange, { targets })).targets;
}
