/** How a codec says that a body is not what the dialect allows. */
import { GatewayError } from '@gatewright/core';
import { kindOf } from './json-value.ts';

/** Makes the error for a field, named by its path, and what is wrong with it. */
export type Fault = (param: string, problem: string) => GatewayError;

/** The client's request is wrong. */
export const badRequest: Fault = (param, problem) =>
  new GatewayError('GW_BAD_REQUEST', `Invalid request: ${param} ${problem}.`, { param });

/** How to say that a provider's reply is not what it should be. */
export function replyFault(what: string): Fault {
  return (param, problem) => new GatewayError('GW_UPSTREAM_INVALID', `The reply is not ${what}: ${param} ${problem}.`);
}

/** The provider's reply is wrong. */
export const badReply: Fault = replyFault('a chat completion');

/** The error for a value of the wrong type. */
export function wrongType(fault: Fault, param: string, wanted: string, value: unknown): GatewayError {
  return value === undefined
    ? fault(param, `is missing: it must be ${wanted}`)
    : fault(param, `must be ${wanted}, not ${kindOf(value)}`);
}
