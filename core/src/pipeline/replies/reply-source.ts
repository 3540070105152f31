/** What is known of a reply besides its bytes. */
import type { Dialect } from '../../dialect.ts';
import { GatewayError, type UpstreamError } from '../../errors.ts';
import type { ReplyHeaders } from '../../reply.ts';

export interface ReplySource {
  /** The dialect that the bytes are in. */
  readonly dialect: Dialect;
  readonly headers: ReplyHeaders;
  /** `provider/model`; undefined for an answer that no provider gave. */
  readonly target?: string;
  /** The reply has usage that only the gateway asked for. */
  readonly usageInjected: boolean;
  /** The model name to report instead of the provider's. */
  readonly reports?: string | undefined;
  /** Bytes of one event of a stream. */
  readonly maxEvent?: number;
}

/** The error of a reply that says nothing. */
export function emptyReply({ target }: ReplySource): GatewayError {
  const message = `${target ?? 'The answer'} ended its answer before it began.`;
  return new GatewayError('GW_UPSTREAM_EMPTY', message, target === undefined ? {} : { target });
}

export function isWebPage({ 'content-type': type }: ReplyHeaders): boolean {
  return typeof type === 'string' && type.startsWith('text/html');
}

/** The error of a login, a proxy's page or a website: whatever it says, it is no answer of a model. */
export function webPage({ target = 'An answer', dialect }: ReplySource): GatewayError {
  const message = `${target} answered with a web page instead of ${dialect.id}.`;
  const help = "Look at the provider's address: it may lead to a website, or through a proxy that wants a login.";
  return new GatewayError('GW_UPSTREAM_INVALID', message, { target, help });
}

/** The error of a reply that goes on for longer than it may. */
export function endlessReply({ target }: ReplySource, limit: number): GatewayError {
  const message = `${target ?? 'The answer'} answered with more than ${limit} bytes.`;
  const help = 'Where such answers are meant, raise `limits.stream`.';
  return new GatewayError('GW_UPSTREAM_INVALID', message, { ...(target && { target }), help, retryable: false });
}

/** Statuses with which another try at the same target can help. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** The error of a provider, with the provider's own status, type and message. */
export function upstreamFailure(
  target: string,
  upstream: UpstreamError,
  headers: ReplyHeaders,
  now: number,
): GatewayError {
  const status = upstream.status >= 400 && upstream.status <= 599 ? upstream.status : 502;
  const retryAfter = readRetryAfter(headers, now) ?? upstream.retryAfter;
  return new GatewayError('GW_UPSTREAM_ERROR', upstream.message, {
    status,
    retryable: RETRYABLE.has(status),
    target,
    upstream,
    ...(upstream.param === undefined ? {} : { param: upstream.param }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** Milliseconds to wait: `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110, section 10.2.3). */
export function readRetryAfter(headers: ReplyHeaders, now: number): number | undefined {
  const milliseconds = Number.parseFloat(String(headers['retry-after-ms'] ?? ''));
  if (milliseconds >= 0) return milliseconds;
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
