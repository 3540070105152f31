/** The error of a target that does not serve an operation: which it serves instead, and which models do serve it. */
import { GatewayError } from '../../errors.ts';
import type { Operation } from '../../operations.ts';
import type { Target } from '../../route.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { chooseService } from './service.ts';

/** How many models are named at most. */
const NAMED = 5;

/** `GW_UNSUPPORTED`, with the model as what is to be changed. */
export function notServed(exchange: LiveExchange, target: Target): GatewayError {
  const { kernel, operation, model, identity } = exchange;
  const serves = (one: Target, name: Operation): boolean => {
    const provider = kernel.hooks.providers.get(one.provider);
    return provider !== undefined && chooseService(kernel, provider, name, one.model, undefined) !== undefined;
  };
  const offered = [...(kernel.hooks.providers.get(target.provider)?.operations.keys() ?? [])];
  const served = offered.filter((name) => serves(target, name));
  const instead = served.length === 0 ? 'nothing that a plugin here speaks' : served.join(', ');
  const able = kernel.models.having(identity, (one) => serves(one, operation));
  const named = able.slice(0, NAMED).map((name) => `"${name}"`);
  const more = able.length > NAMED ? ` and ${able.length - NAMED} more` : '';
  const message = `The model "${model}" does not serve the operation "${operation}": ${target.id} serves ${instead}.`;
  return new GatewayError('GW_UNSUPPORTED', message, {
    target: target.id,
    param: 'model',
    help:
      named.length === 0 ? 'No model that this key may use serves it.' : `Models that do: ${named.join(', ')}${more}.`,
  });
}
