/** Things with ids live where they were made: remembers who made them, and sends what is about them there alone. */
import { tenantOf, type Binding } from '../bindings.ts';
import { GatewayError } from '../errors.ts';
import { mayUseOperation } from '../identity.ts';
import type { KeptRequest } from '../kept.ts';
import type { Route, Target } from '../route.ts';
import type { LiveAttempt } from './attempts/live-attempt.ts';
import type { LiveExchange } from './live-exchange.ts';
import type { AttemptEnd } from './meter/settle.ts';

/** The longest id that is remembered, in characters; providers' own have some fifty. */
const LONGEST = 256;

/** How much of a client's id is shown again. */
const SHOWN = 100;

/** Remembers who made an answer that its provider keeps; forgets what was deleted. Answers whether the provider keeps it. */
export function bind({ exchange, service, target, kept }: LiveAttempt, { summary, error }: AttemptEnd): boolean {
  const { dialect, body, identity, kernel, model, operation } = exchange;
  if (kept !== undefined) {
    if (kept.method === 'DELETE' && error === undefined) kernel.bindings.release(tenantOf(identity), kept.id);
    return false;
  }
  const { id } = summary;
  // Only a client of the same dialect learns the provider's own id.
  if (dialect !== service.dialect || id === undefined || id.length > LONGEST || body === undefined) return false;
  if (dialect.keeping?.keeps(body) !== true) return false;
  const { provider, id: made } = target;
  kernel.bindings.bind(tenantOf(identity), id, { provider, target: made, model, operation });
  return true;
}

/** The target of what is asked for by its id. Sets the exchange's model. Throws `GW_NOT_FOUND`, `GW_FORBIDDEN` or `GW_NO_TARGET`. */
export async function routeToKept(exchange: LiveExchange): Promise<Route> {
  const { id } = exchange.request() as unknown as KeptRequest;
  const { identity, kernel } = exchange;
  const binding = await kernel.bindings.find(tenantOf(identity), id);
  if (binding === undefined) throw unknown(id, 'id');
  if (!mayUseOperation(identity, binding.operation)) {
    throw new GatewayError('GW_FORBIDDEN', `This key may not use the operation "${binding.operation}".`);
  }
  exchange.model = binding.model;
  const target = targetOf(exchange, binding);
  if (target !== undefined) return { targets: [target] };
  const message = `${shown(id)} was made by ${binding.target}, which the configuration no longer has for the model "${binding.model}".`;
  const help = 'Ask that provider itself, or put the target back.';
  throw new GatewayError('GW_NO_TARGET', message, { param: 'id', help, retryable: false });
}

/** The part of a route that can go on from what the request refers to; all of it where the request refers to nothing. */
export async function narrowToBound(exchange: LiveExchange, route: Route): Promise<Route> {
  const { dialect, body, identity, kernel, model } = exchange;
  const reference = body === undefined ? undefined : dialect?.keeping?.refers(body);
  if (reference === undefined) return route;
  const { id, param } = reference;
  const binding = await kernel.bindings.find(tenantOf(identity), id);
  if (binding === undefined) {
    // Where everybody may come in, there is nobody whose it could be instead.
    if (exchange.hooks.auth === undefined) return route;
    throw unknown(id, param);
  }
  const able = route.targets.filter(({ provider }) => provider === binding.provider);
  const target = able.find((one) => one.id === binding.target) ?? able[0];
  if (target !== undefined) return { targets: [target] };
  const message = `${shown(id)} was made by ${binding.target}, and the model "${model}" has no target at the provider "${binding.provider}".`;
  const help = `Ask the model "${binding.model}" again, or send all of it instead of referring to it.`;
  throw new GatewayError('GW_BAD_REQUEST', message, { param, help });
}

function targetOf({ kernel, identity }: LiveExchange, { model, target: made }: Binding): Target | undefined {
  if (kernel.models.find(model) === undefined) return undefined;
  return kernel.models.route(model, identity, kernel.host.random).targets.find(({ id }) => id === made);
}

function unknown(id: string, param: string): GatewayError {
  const message = `Nothing is known here of ${shown(id)}.`;
  const help = 'It was not made through this gateway, is not yours, or was made so long ago that it was forgotten.';
  return new GatewayError('GW_NOT_FOUND', message, { param, help });
}

const shown = (id: string): string => JSON.stringify(id.slice(0, SHOWN));
