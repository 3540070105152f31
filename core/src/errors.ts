/** Every error that Gatewright itself raises, and the table of their codes. */
import type { Problem } from './config/normal.ts';

/** What a code stands for: its HTTP status, whether another try can help, and what it means. */
export interface ErrorCode {
  readonly status: number;
  readonly retryable: boolean;
  readonly meaning: string;
}

const code = (status: number, retryable: boolean, meaning: string): ErrorCode => ({ status, retryable, meaning });

/** The table of error codes. `core/docs/errors.md` says the same, and a test compares the two. */
export const ERROR_CODES = {
  // The request
  GW_BAD_REQUEST: code(400, false, 'The request is not what the dialect allows.'),
  GW_INVALID_JSON: code(400, false, 'The request body is not valid JSON.'),
  GW_UNSUPPORTED: code(400, false, 'The target cannot express something that the request asks for.'),
  GW_CONTEXT_LENGTH: code(400, false, 'The request is longer than any of the targets takes.'),
  GW_UNAUTHENTICATED: code(401, false, 'No key was sent, or nobody knows the key.'),
  GW_FORBIDDEN: code(403, false, 'The key is known, but may not use this model or operation.'),
  GW_NOT_FOUND: code(404, false, 'Nothing is served at this path.'),
  GW_UNKNOWN_MODEL: code(404, false, 'No model of this name is configured.'),
  GW_METHOD_NOT_ALLOWED: code(405, false, 'The path exists, but not for this method.'),
  GW_BODY_TIMEOUT: code(408, false, 'The request body did not arrive in time.'),
  GW_BODY_TOO_LARGE: code(413, false, 'The request body is over the configured limit.'),
  GW_UNSUPPORTED_MEDIA_TYPE: code(415, false, 'The content type is not one that the operation takes.'),
  GW_HEADERS_TOO_LARGE: code(431, false, 'The request headers are over the limit.'),
  // Money and limits
  GW_BUDGET_EXCEEDED: code(402, false, 'A budget has nothing left for this request.'),
  GW_RATE_LIMITED: code(429, true, 'A limit of the gateway was reached.'),
  GW_UNPRICED: code(400, false, 'The target has no price, and the configuration demands one.'),
  GW_STATE_UNAVAILABLE: code(
    503,
    true,
    'The shared state of budgets and limits cannot be reached, or is being rebuilt.',
  ),
  GW_STORE_UNAVAILABLE: code(503, true, 'The durable store cannot be reached.'),
  GW_AUTH_UNAVAILABLE: code(503, true, 'Whoever vouches for callers cannot be asked.'),
  GW_CONFLICT: code(409, false, 'The record was changed by somebody else in the meantime.'),
  // The provider
  GW_UPSTREAM_ERROR: code(502, true, 'The provider answered with an error.'),
  GW_UPSTREAM_UNREACHABLE: code(502, true, 'The provider could not be reached, or the connection broke.'),
  GW_UPSTREAM_INVALID: code(502, true, 'The provider answered with something that is not its dialect.'),
  GW_UPSTREAM_EMPTY: code(502, true, 'The provider ended its answer before it began.'),
  GW_UPSTREAM_CUT: code(502, true, 'The provider broke off in the middle of its answer.'),
  GW_UPSTREAM_DIVERGED: code(
    502,
    false,
    'The provider gave another answer than the one that it was asked to go on with.',
  ),
  GW_UPSTREAM_TIMEOUT: code(504, true, 'The provider did not answer in time.'),
  GW_TARGET_UNHEALTHY: code(503, true, 'The target has failed too often, and is not called for a while.'),
  GW_NO_TARGET: code(503, true, 'No target is left that may serve this request.'),
  // The gateway
  GW_SPOOL_FAILED: code(503, true, 'The files of the request could not be kept on disk.'),
  GW_CLIENT_CLOSED: code(499, false, 'The client left before the answer was complete.'),
  GW_PLUGIN_FAILED: code(500, false, 'A plugin threw an error.'),
  GW_PLUGIN_TIMEOUT: code(500, false, 'A plugin did not return in time.'),
  GW_PLUGIN_RESULT: code(500, false, 'A plugin returned something that its hook does not take.'),
  GW_INTERNAL: code(500, false, 'Something unexpected went wrong; the log has the record.'),
  GW_OVERLOADED: code(503, true, 'More is asked at once than the configuration lets in.'),
  GW_SHUTTING_DOWN: code(503, true, 'The gateway is stopping and takes no new requests.'),
  GW_DEPTH: code(508, false, 'Exchanges spawned exchanges too deeply.'),
  // Boot
  GW_CONFIG: code(500, false, 'The configuration has problems.'),
  GW_PLUGIN_SETUP: code(500, false, 'A plugin failed in its setup.'),
  GW_PLUGIN_CONTRACT: code(500, false, 'A plugin broke the rules of the contract.'),
} as const satisfies Record<string, ErrorCode>;

export type GatewayErrorCode = keyof typeof ERROR_CODES;

/** What may be told about an error besides its code and message. */
export interface ErrorDetails {
  /** HTTP status, where it differs from the code's own: a provider's status is kept. */
  readonly status?: number;
  readonly retryable?: boolean;
  /** The instance id of the plugin that caused it. */
  readonly plugin?: string;
  readonly hook?: string;
  /** `provider/model` of the target that was called. */
  readonly target?: string;
  /** What to do about it. */
  readonly help?: string;
  /** The name of the request's field that caused it. */
  readonly param?: string;
  /** How long to wait before another try, in milliseconds. */
  readonly retryAfter?: number;
  /** What became of each call, where several targets were asked. */
  readonly tried?: readonly { readonly target: string; readonly reason: string }[];
  /** What the provider said, in its own words; never secrets or request bodies. */
  readonly upstream?: UpstreamError;
  /** What is wrong with the configuration, one by one; the message has all of it as text. */
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/** A provider's own error, decoded from its dialect. */
export interface UpstreamError {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  /** How long the provider asks to wait, in milliseconds, where its body says so; a `retry-after` header goes first. */
  readonly retryAfter?: number;
}

const BRAND = Symbol.for('gatewright.error');

/** The one error class. Test for it with {@link isGatewayError}: two copies of core may meet in one process. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly details: ErrorDetails;
  readonly [BRAND] = true;

  constructor(code: GatewayErrorCode, message: string, details: ErrorDetails = {}) {
    const { stackTraceLimit } = Error;
    // But for faults of the gateway itself the message says it all: a trace is a tenth of what it takes to refuse a request.
    if (ERROR_CODES[code].status !== 500) Error.stackTraceLimit = 0;
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'GatewayError';
    this.code = code;
    this.status = details.status ?? ERROR_CODES[code].status;
    this.retryable = details.retryable ?? ERROR_CODES[code].retryable;
    this.details = details;
  }
}

/** Whether a value is a {@link GatewayError}, from this copy of core or another. */
export function isGatewayError(value: unknown): value is GatewayError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** Turns anything thrown into a GatewayError; what is not one already becomes an opaque `GW_INTERNAL` with its cause. */
export function toGatewayError(value: unknown): GatewayError {
  if (isGatewayError(value)) return value;
  return new GatewayError('GW_INTERNAL', 'The gateway met an unexpected error.', { cause: value });
}
