/** Errors in this dialect's form: `{error: {code, message, status, details}}` (https://google.aip.dev/193). */
import type { GatewayError, JsonObject, UpstreamError } from '@gatewright/core';
import { errorReply } from '@gatewright/core/wire';
import { isObject } from './reading.ts';

/** The names of statuses (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto). */
const NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** The status that an error inside a stream would have had, where it only names it. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['INVALID_ARGUMENT', 400],
  ['FAILED_PRECONDITION', 400],
  ['OUT_OF_RANGE', 400],
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['NOT_FOUND', 404],
  ['ALREADY_EXISTS', 409],
  ['ABORTED', 409],
  ['RESOURCE_EXHAUSTED', 429],
  ['CANCELLED', 499],
  ['UNKNOWN', 500],
  ['INTERNAL', 500],
  ['DATA_LOSS', 500],
  ['UNIMPLEMENTED', 501],
  ['UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', 504],
]);

function nameOf(status: number): string {
  return NAMES[status] ?? (status >= 400 && status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
}

const TYPE = 'type.googleapis.com/google.rpc.';

/** A provider's own message and status are kept where they are in this dialect's vocabulary. */
export function encodeError(error: GatewayError, requestId: string): JsonObject {
  const { upstream, retryAfter } = error.details;
  const isOurs = upstream?.type !== undefined && STATUSES.has(upstream.type);
  const details: JsonObject[] = [
    { '@type': `${TYPE}ErrorInfo`, reason: (isOurs ? upstream.code : undefined) ?? error.code, domain: 'gatewright' },
    { '@type': `${TYPE}RequestInfo`, requestId },
  ];
  if (retryAfter !== undefined) details.push({ '@type': `${TYPE}RetryInfo`, retryDelay: `${retryAfter / 1000}s` });
  const message = isOurs ? upstream.message : error.message;
  return errorBody(error.status, message, isOurs ? upstream.type : undefined, details);
}

/** An error as a body, or as a chunk of a stream. */
export function errorBody(status: number, message: string, type?: string, details?: JsonObject[]): JsonObject {
  const known = type !== undefined && STATUSES.has(type) ? type : nameOf(status);
  return { error: { code: status, message, status: known, ...(details === undefined ? {} : { details }) } };
}

/** The error in a JSON value, which may be a list of one; undefined where there is none. */
export function errorIn(value: unknown, status?: number): UpstreamError | undefined {
  if (Array.isArray(value)) return errorIn(value[0], status);
  if (!isObject(value)) return undefined;
  const { error } = value;
  if (typeof error === 'string') return { status: status ?? 500, message: error };
  const found = isObject(error) ? error : value;
  const { message, status: name, code, details } = found;
  if (typeof message !== 'string') return undefined;
  const type = typeof name === 'string' ? name : undefined;
  const reason = isTooLong(message) ? 'context_length_exceeded' : reasonIn(details);
  return {
    status: status ?? statusOf(code, type),
    message,
    ...(type === undefined ? {} : { type }),
    ...(reason === undefined ? {} : { code: reason }),
    ...withDelay(details),
  };
}

/** The wait that a `RetryInfo` asks for: a duration in seconds such as `1.5s`. */
function withDelay(details: unknown): { retryAfter?: number } {
  if (!Array.isArray(details)) return {};
  for (const one of details as unknown[]) {
    const delay = isObject(one) ? one['retryDelay'] : undefined;
    const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined;
    if (seconds !== undefined) return { retryAfter: Number(seconds) * 1000 };
  }
  return {};
}

function statusOf(code: unknown, type: string | undefined): number {
  if (typeof code === 'number' && code >= 400 && code <= 599) return code;
  return (type === undefined ? undefined : STATUSES.get(type)) ?? 500;
}

/** The API has no code for a prompt that is too long, only a sentence; the second is that of Vertex AI. */
function isTooLong(message: string): boolean {
  return /input token count.*(?:exceeds the maximum number of tokens|but model only supports up to)/i.test(message);
}

/** The reason that an `ErrorInfo` names: `API_KEY_INVALID`. */
function reasonIn(details: unknown): string | undefined {
  if (!Array.isArray(details)) return undefined;
  const info = (details as unknown[]).find((one) => isObject(one) && typeof one['reason'] === 'string');
  return (info as { reason: string } | undefined)?.reason;
}

/** Reads a provider's error reply, whatever it is: JSON, a proxy's HTML page, nothing. */
export function decodeError(status: number, body: Buffer): UpstreamError {
  return errorReply(status, body, (value) => errorIn(value, status));
}
