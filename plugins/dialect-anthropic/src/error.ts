/** Errors in this dialect's form: `{type: 'error', error: {type, message}, request_id}`. */
import type { GatewayError, JsonObject, UpstreamError } from '@gatewright/core';
import { errorReply } from '@gatewright/core/wire';
import { isObject } from './reading.ts';
import { compact } from './rest.ts';

/** The types of errors, by status (https://platform.claude.com/docs/en/api/errors). */
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  431: 'request_too_large',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The status that an error inside a stream would have had. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ...Object.entries(TYPES).map(([status, type]): [string, number] => [type, Number(status)]),
  ['timeout_error', 504],
  ['request_too_large', 413],
]);

function typeOf(status: number): string {
  return TYPES[status] ?? (status >= 400 && status < 500 ? 'invalid_request_error' : 'api_error');
}

/**
 * What the SDK (1.12, `lib/internal/threads/ThreadState.ts`) wants to be told where a conversation cannot be kept by the
 * provider: then its tool runner goes on by sending the whole of it.
 */
const NO_THREADS = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };

/** Codes that were read off a message: clients of this dialect read the message too. */
const READ_OFF: ReadonlySet<string> = new Set(['context_length_exceeded', 'content_filter']);

/** A provider's own type and message are kept where they are in this dialect's vocabulary. */
export function encodeError(error: GatewayError, requestId: string): JsonObject {
  const { upstream, param } = error.details;
  if (error.code === 'GW_UNSUPPORTED' && param === 'thread') {
    const refusal = { type: typeOf(error.status), message: error.message, details: NO_THREADS };
    return { type: 'error', error: refusal, request_id: requestId };
  }
  const type = upstream?.type;
  const isOurs = upstream !== undefined && type !== undefined && STATUSES.has(type);
  return errorBody(
    isOurs ? type : typeOf(error.status),
    isOurs ? upstream.message : error.message,
    requestId,
    isOurs && !READ_OFF.has(upstream.code ?? '') ? upstream.code : undefined,
  );
}

/** An error as a body, or as the data of an `error` event. `code` is what the SDKs read as `errorCode`. */
export function errorBody(type: string | undefined, message: string, requestId: string, code?: string): JsonObject {
  const details = code === undefined ? undefined : { error_code: code };
  const error = compact({ type: type ?? 'api_error', message, details });
  return { type: 'error', error, request_id: requestId };
}

/** The error in a JSON value: this dialect's form, or one near it; undefined where there is none. */
export function errorIn(value: unknown, status?: number): UpstreamError | undefined {
  if (!isObject(value)) return undefined;
  const { error } = value;
  if (typeof error === 'string') return { status: status ?? 500, message: error };
  const found = isObject(error) ? error : value;
  const { type, details } = found;
  // Servers that only look like the API say `detail`.
  const message = found['message'] ?? found['detail'];
  if (typeof message !== 'string') return undefined;
  const known = isObject(error) && typeof type === 'string' ? type : undefined;
  const code = (isObject(details) ? details['error_code'] : undefined) ?? rejectionCode(message);
  return {
    status: status ?? (known === undefined ? 500 : (STATUSES.get(known) ?? 500)),
    message,
    ...(known === undefined ? {} : { type: known }),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/**
 * The API has no codes for what is too long or filtered, only sentences
 * (https://platform.claude.com/docs/en/build-with-claude/context-windows). Clients of most other dialects know these codes.
 */
function rejectionCode(message: string): string | undefined {
  if (/prompt is too long|exceed(?:s|ed)? (?:the )?context (?:limit|window)/i.test(message))
    return 'context_length_exceeded';
  return /blocked by (?:our )?content filtering policy/i.test(message) ? 'content_filter' : undefined;
}

/** Reads a provider's error reply, whatever it is: JSON, a proxy's HTML page, nothing. */
export function decodeError(status: number, body: Buffer): UpstreamError {
  return errorReply(status, body, (value) => errorIn(value, status));
}
