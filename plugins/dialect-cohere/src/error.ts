/** Errors in this dialect's form: `{id, message}`. */
import type { GatewayError, JsonObject, UpstreamError } from '@gatewright/core';
import { errorReply } from '@gatewright/core/wire';
import { isObject } from './reading.ts';
import { failureStatus } from './stop.ts';

/** The id is the request's, as it is in the API. */
export function encodeError(error: GatewayError, requestId: string): JsonObject {
  return { id: requestId, message: error.message };
}

/**
 * What errors are known by in other dialects, by what the API says of them
 * (https://docs.cohere.com/reference/errors): the API has no codes of its own.
 */
const CODES: readonly (readonly [RegExp, string])[] = [
  // That the answer's own limit is too high for the model is no fault of the prompt's length.
  [
    /^too many tokens: (?!max tokens)|maximum context|context (?:length|window)|prompt is too long/i,
    'context_length_exceeded',
  ],
  [/trial (?:key|token)/i, 'trial_key_limit'],
  [/model '[^']*' (?:was )?not found|finetuned model \S+ not found/i, 'model_not_found'],
  [/(?:invalid api token|no api key supplied|api key has expired)/i, 'invalid_api_key'],
];

/** The status for requests and answers with words that are on a list of those denied. */
const DENIED = 498;

function codeOf(status: number, message: string): string | undefined {
  if (status === DENIED) return 'content_filter';
  if (status === 402) return 'insufficient_quota';
  return CODES.find(([pattern]) => pattern.test(message))?.[1];
}

/** The error in a JSON value: this dialect's form, or one near it; undefined where there is none. */
export function errorIn(value: unknown, status?: number): UpstreamError | undefined {
  if (!isObject(value)) return undefined;
  const { error } = value;
  const found = isObject(error) ? error : value;
  // Servers that only look like the API say `detail`, or `error` with a text.
  const message = [found['message'], error, found['detail'], found['error_message']].find(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  if (message === undefined) return undefined;
  const known = status ?? 500;
  const code = codeOf(known, message) ?? (typeof found['code'] === 'string' ? found['code'] : undefined);
  return {
    status: known,
    message,
    ...(typeof found['type'] === 'string' && isObject(error) ? { type: found['type'] } : {}),
    ...(code === undefined ? {} : { code }),
  };
}

/** The failure that the end of an answer tells of, whether by its reason or by an error beside it. */
export function failureOf(finishReason: unknown, error: unknown): UpstreamError | undefined {
  const status = failureStatus(finishReason);
  const said = typeof error === 'string' && error !== '' ? error : undefined;
  if (status === undefined && said === undefined) return undefined;
  return {
    status: status ?? 500,
    message: said ?? `The provider could not finish its answer (${String(finishReason)}).`,
  };
}

/** Reads a provider's error reply, whatever it is: JSON, a proxy's HTML page, nothing. */
export function decodeError(status: number, body: Buffer): UpstreamError {
  return errorReply(status, body, (value) => errorIn(value, status));
}
