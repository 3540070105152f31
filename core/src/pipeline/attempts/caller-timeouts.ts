/** How long the caller of an exchange waits, as its headers say. */
import { GatewayError } from '../../errors.ts';
import type { RequestHeaders } from '../../exchange.ts';
import type { Timeouts } from '../../route.ts';
import type { LiveExchange } from '../live-exchange.ts';

/** The whole exchange, in seconds or as `500ms`, `5s`, `2m`. */
export const TOTAL_HEADER = 'x-gatewright-timeout';
/** The headers that bound one attempt, by the timeout that they make shorter. */
const BOUNDS = [
  ['connect', 'x-gatewright-connect-timeout'],
  ['headers', 'x-gatewright-headers-timeout'],
  ['firstToken', 'x-gatewright-first-token-timeout'],
  ['idle', 'x-gatewright-idle-timeout'],
  ['content', 'x-gatewright-content-timeout'],
] as const;
/** How the names of all of those begin. */
const OWN = 'x-gatewright-';
/** The SDKs that Stainless makes say here after how many seconds they give up (in `buildHeaders` of each). */
const SDK_HEADER = 'x-stainless-timeout';

const FORM = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m)?$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Milliseconds; undefined where the header is not there. Throws `GW_BAD_REQUEST` where it is no length of time. */
export function callerTimeout(headers: RequestHeaders, name: string): number | undefined {
  const text = headers[name];
  if (text === undefined) return undefined;
  const [, digits = '', unit = 's'] = FORM.exec(String(text)) ?? [];
  const length = Number(digits) * (UNITS[unit] ?? 1);
  if (length > 0) return length;
  const message = `The header "${name}" must be a length of time above zero: seconds, or a text such as 500ms, 5s or 2m.`;
  throw new GatewayError('GW_BAD_REQUEST', message, { param: name });
}

/** Nearly nobody sends any: one look at the names that came costs a fifth of looking for each that might have come. */
function hasOwnHeader(headers: RequestHeaders): boolean {
  for (const name in headers) if (name.startsWith(OWN)) return true;
  return false;
}

/** The timeouts of a target, as far as the caller does not make them shorter. Throws `GW_BAD_REQUEST`. */
export function boundedBy(headers: RequestHeaders, timeouts: Timeouts): Timeouts {
  if (!hasOwnHeader(headers)) return timeouts;
  let bounded: { -readonly [K in keyof Timeouts]: Timeouts[K] } | undefined;
  for (const [name, header] of BOUNDS) {
    const asked = callerTimeout(headers, header);
    if (asked !== undefined && asked < (timeouts[name] ?? Infinity)) (bounded ??= { ...timeouts })[name] = asked;
  }
  return bounded ?? timeouts;
}

/** The moment, on the monotonic clock, until which the caller waits; Infinity where it does not say. */
export function deadlineOf({ headers, timings }: LiveExchange): number {
  const asked = callerTimeout(headers, TOTAL_HEADER) ?? Infinity;
  const seconds = Number(headers[SDK_HEADER]);
  return timings.start + Math.min(asked, seconds > 0 ? seconds * 1000 : Infinity);
}
