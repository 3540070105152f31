/** The errors of holds that are not there, in the words that every state uses. */
import { GatewayError } from '@gatewright/core';

/** A hold that was given back, or is gone with its owner's lease. Nothing can be added to it. */
export function goneHold(id: string): GatewayError {
  const message = `The hold ${id} is not there any more: it was settled, or its lease had ended.`;
  return new GatewayError('GW_STATE_UNAVAILABLE', message, { retryable: false });
}

/** A hold that was settled cannot be taken once more. */
export function settledHold(id: string): GatewayError {
  return new GatewayError('GW_PLUGIN_CONTRACT', `The hold ${id} was settled already: every attempt needs its own id.`);
}
