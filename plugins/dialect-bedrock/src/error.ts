/** Errors in this dialect's form: `{message}`, with the exception's name in a header or in `__type`. */
import type { GatewayError, JsonObject, ReplyHeaders, UpstreamError } from '@gatewright/core';
import { errorReply } from '@gatewright/core/wire';
import { isObject } from './reading.ts';

/** The exceptions of the API, by name (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors). */
const STATUSES: Readonly<Record<string, number>> = {
  ValidationException: 400,
  ServiceQuotaExceededException: 400,
  UnrecognizedClientException: 403,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  ModelTimeoutException: 408,
  ConflictException: 409,
  ModelErrorException: 424,
  ModelStreamErrorException: 424,
  ThrottlingException: 429,
  ModelNotReadyException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
};

/** The exception that a client gets for a status; all of them are classes in the official SDKs. */
const NAMES: Readonly<Record<number, string>> = {
  401: 'AccessDeniedException',
  402: 'ServiceQuotaExceededException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  409: 'ConflictException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  503: 'ServiceUnavailableException',
  504: 'ModelTimeoutException',
  529: 'ServiceUnavailableException',
};

/** The status that an exception would have had before the stream began. */
export function statusOf(name: string | undefined): number {
  return name !== undefined && Object.hasOwn(STATUSES, name) ? (STATUSES[name] as number) : 500;
}

/** The name of the exception that says an error in this dialect: the provider's own, or what the status means. */
export function exceptionName(type: string | undefined, status: number): string {
  if (type !== undefined && Object.hasOwn(STATUSES, type)) return type;
  return NAMES[status] ?? (status < 500 ? 'ValidationException' : 'InternalServerException');
}

/** SDKs read the class off `__type`. There must be no `code`: they would read that first. */
export function encodeError(error: GatewayError): JsonObject {
  return { __type: exceptionName(error.details.upstream?.type, error.status), message: error.message };
}

/** What requests that are too long for the model are answered with; each of the models behind the API has its own words. */
const TOO_LONG =
  /too long|too many (?:input )?tokens|maximum context|context (?:length|window)|exceeds? the (?:maximum|max|limit)[^.]*tokens/i;

/** What requests whose answer was filtered are answered with; guardrails have a stop reason instead. */
const FILTERED = /blocked by (?:our )?content filter/i;

/** What the codes of such errors are, as the clients of most other dialects know them. */
const CONTEXT_LENGTH = 'context_length_exceeded';
const CONTENT_FILTER = 'content_filter';

/** The error in a JSON value; undefined where there is none. `name` is the exception, where it is told elsewhere. */
export function errorIn(value: unknown, name?: string, status?: number): UpstreamError | undefined {
  const whole = isObject(value) ? value : {};
  // Proxies that stand in for the API put the error one level down.
  const body = isObject(whole['error']) ? whole['error'] : whole;
  const message = body['message'] ?? body['Message'];
  const type = bareName(name) ?? bareName(body['__type']) ?? bareName(body['code'] ?? body['type']);
  if (typeof message !== 'string' && type === undefined) return undefined;
  const text =
    typeof message === 'string' && message !== '' ? message : `The provider answered with ${type ?? 'an error'}.`;
  const found = status ?? statusOf(type);
  const isRejection = found < 500 && found !== 429;
  const isTooLong = isRejection && TOO_LONG.test(text);
  const isFiltered = isRejection && FILTERED.test(text);
  return {
    status: found,
    message: text,
    ...(type === undefined ? {} : { type }),
    ...(isTooLong ? { code: CONTEXT_LENGTH } : isFiltered ? { code: CONTENT_FILTER } : {}),
  };
}

/** The name of an exception: without its namespace before `#`, and without the address behind `:`. */
function bareName(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return undefined;
  const [before = ''] = name.split(':');
  return before.slice(before.indexOf('#') + 1) || undefined;
}

/** Reads an error reply of a provider, whatever its body is. */
export function decodeError(status: number, body: Buffer, headers?: ReplyHeaders): UpstreamError {
  const header = headers?.['x-amzn-errortype'];
  const type = typeof header === 'string' ? header : undefined;
  return errorReply(status, body, (value) => errorIn(value, type, status));
}
