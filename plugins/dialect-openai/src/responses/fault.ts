/** How the codec says that a provider's reply is not what the dialect allows. */
import { GatewayError } from '@gatewright/core';
import type { Fault } from '../fault.ts';

export const badReply: Fault = (param, problem) =>
  new GatewayError('GW_UPSTREAM_INVALID', `The reply is not a response: ${param} ${problem}.`);
