/** Ends an exchange that failed: an error in the client's dialect, or a broken connection where it is too late for one. */
import { GatewayError } from '../errors.ts';
import { addHeaders } from './headers.ts';
import type { LiveExchange } from './live-exchange.ts';
import { toBuffer } from './streams/lens.ts';
import type { HeadersOut, Outlet } from './outlet.ts';

/** Codes whose message is for the operator: the client is told no more than an id. */
const OPAQUE: ReadonlySet<string> = new Set([
  'GW_INTERNAL',
  'GW_PLUGIN_FAILED',
  'GW_PLUGIN_TIMEOUT',
  'GW_PLUGIN_RESULT',
]);

export function fail(exchange: LiveExchange, outlet: Outlet, error: GatewayError): void {
  exchange.error = error;
  if (outlet.headSent && error.code !== 'GW_CLIENT_CLOSED') {
    failStream(exchange, outlet, error);
    return;
  }
  exchange.status = error.status;
  if (error.code === 'GW_CLIENT_CLOSED') {
    outlet.destroy();
    return;
  }
  const shown = forClient(error, exchange.id);
  const body = errorBody(exchange, shown);
  const headers: HeadersOut = {};
  addHeaders(exchange, headers);
  Object.assign(headers, errorHeaders(shown, exchange.id));
  outlet.whole(error.status, headers, [Buffer.from(JSON.stringify(body))]);
}

/** A stream that waits can still be told; of any other reply, only a broken connection says that it is not whole. */
function failStream(exchange: LiveExchange, outlet: Outlet, error: GatewayError): void {
  const { rescue } = exchange;
  exchange.status = 200;
  if (rescue !== undefined) {
    // What broke the answer is worth more than why nobody could go on with it.
    if (error.code !== 'GW_SHUTTING_DOWN') exchange.error = rescue.error ?? error;
    outlet.write([rescue.writer.failure(exchange.error ?? error)]);
  } else if (outlet.waiting === true && exchange.dialect?.codec.stream !== undefined) {
    outlet.write([toBuffer(exchange.dialect.codec.stream.encodeError(forClient(error, exchange.id), exchange.id))]);
  } else {
    outlet.destroy();
    return;
  }
  outlet.close();
}

/** What the client may be told of an error: of the unexpected, no more than where to look; of the rest, also what to do. */
export function forClient(error: GatewayError, id: string): GatewayError {
  if (!OPAQUE.has(error.code)) return withHelp(error);
  const message = `The gateway could not handle this request. Its log has the details under ${id}.`;
  return new GatewayError(error.code, message, { status: error.status, retryable: error.retryable });
}

function withHelp(error: GatewayError): GatewayError {
  const { help, ...details } = error.details;
  if (help === undefined) return error;
  const { status, retryable } = error;
  return new GatewayError(error.code, `${error.message} ${help}`, { ...details, status, retryable });
}

export function errorHeaders(error: GatewayError, id: string): HeadersOut {
  const headers: HeadersOut = { 'content-type': 'application/json', 'x-gatewright-request-id': id };
  const { retryAfter, tried } = error.details;
  // A header takes visible ASCII only (RFC 9110, section 5.5).
  if (tried !== undefined) headers['x-gatewright-tried'] = triedText(tried).replace(/[^\x20-\x7e]/g, '?');
  if (retryAfter !== undefined) {
    headers['retry-after'] = String(Math.ceil(retryAfter / 1000));
    headers['retry-after-ms'] = String(Math.ceil(retryAfter));
  }
  // The official SDKs read this header; the gateway has done its own retries already.
  if (!error.retryable) headers['x-should-retry'] = 'false';
  return headers;
}

/** As much as proxies take in a header. */
const MOST_TRIED = 2000;

function triedText(tried: NonNullable<GatewayError['details']['tried']>): string {
  return tried
    .map(({ target, reason }) => `${target}: ${reason}`)
    .join('; ')
    .slice(0, MOST_TRIED);
}

function errorBody(exchange: LiveExchange, error: GatewayError): unknown {
  const { dialect } = exchange;
  // A codec that could not be loaded has no form for errors either.
  const loading = dialect?.load?.();
  if (loading !== undefined) loading.catch(() => undefined);
  else if (dialect !== undefined) return dialect.codec.encodeError(error, exchange.id);
  return { error: { message: error.message, code: error.code } };
}
