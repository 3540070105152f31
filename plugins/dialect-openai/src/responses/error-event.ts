/** Errors inside a stream: the events that tell them. */
import type { GatewayError, JsonObject, UpstreamError } from '@gatewright/core';
import { encodeError } from '../error-body.ts';
import { isObject, textOf } from '../json-value.ts';
import { failureOf } from './response-decode.ts';

/** Whether an event says that the answer failed. Some servers send an error without a type. */
export function isFailure(type: string, event: JsonObject): boolean {
  return type === 'error' || type === 'response.failed' || (type === '' && isObject(event['error']));
}

/** `{type: 'error', error: {…}}`, `{type: 'error', code, message, param}`, `{type: 'response.failed', response: {error: …}}`. */
export function failureOfEvent(event: JsonObject): UpstreamError {
  const { response, error, message, code, param } = event;
  if (isObject(response)) return failureOf({ ...response, status: 'failed' }) ?? UNSAID;
  const told = isObject(error) ? error : { message: textOf(message) ?? UNSAID.message, code, param };
  return failureOf({ error: told }) ?? UNSAID;
}

const UNSAID: UpstreamError = { status: 502, message: 'The provider reported an error without saying which.' };

/** The frame that ends a stream with an error. It is told in both forms that clients look for. */
export function encodeErrorFrame(error: GatewayError, sequence: number): string {
  const { error: told } = encodeError(error) as { error: JsonObject };
  return errorFrame(told, sequence);
}

/** The frame for an error that has a message, a type, a param and a code. */
export function errorFrame(told: JsonObject, sequence: number): string {
  const { code, message, param } = told;
  const event = { type: 'error', code, message, param, sequence_number: sequence, error: told };
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
}
