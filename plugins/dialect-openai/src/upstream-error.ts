/** Errors of providers: the API's own form, and those of the servers that speak its dialect or stand in front of them. */
import type { JsonObject, UpstreamError } from '@gatewright/core';
import { isObject, textOf, type Writable } from './json-value.ts';
import { rejectionCode } from './rejection.ts';

/** How much of an unreadable body is quoted. */
const MAX_QUOTE = 300;

/** Reads a provider's error reply. `body` may be anything, HTML of a proxy or nothing at all. */
export function decodeError(status: number, body: Buffer): UpstreamError {
  const text = body.toString('utf8').trim();
  const parsed = parse(text);
  const found = parsed === undefined ? undefined : errorOf(parsed, status);
  return found ?? { status, message: quote(text, status) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function quote(text: string, status: number): string {
  if (text === '') return `The provider answered with status ${status} and no body.`;
  if (!/^<|^\s*<!doctype/i.test(text)) return redact(text.slice(0, MAX_QUOTE));
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim().slice(0, MAX_QUOTE);
  return `The provider answered with status ${status} and a web page${title ? `: ${title}` : ''}.`;
}

/** The error in a body whose status said success; undefined where there is none. */
export function errorInside(body: JsonObject): UpstreamError | undefined {
  const { error } = body;
  if (error !== undefined && error !== null && error !== '' && error !== false)
    return errorOf(body, inBandStatus(body));
  if (body['object'] === 'error') return errorOf(body, inBandStatus(body));
  return undefined;
}

/** The error that some servers put into a choice, whose `finish_reason` then is `error`. */
export function errorOfChoice(choice: JsonObject): UpstreamError | undefined {
  if (isObject(choice['error'])) return errorInside({ error: choice['error'] });
  if (choice['finish_reason'] !== 'error') return undefined;
  return { status: 502, message: 'The provider ended its answer with an error and did not say which.' };
}

/** The error in a frame that announced one, whatever its form. */
export function errorOfFrame(data: unknown): UpstreamError {
  const body: unknown = Array.isArray(data) ? data[0] : data;
  const status = isObject(body) ? inBandStatus(body) : 502;
  return errorOf(body, status) ?? { status, message: 'The provider reported an error without saying which.' };
}

/**
 * Forms: `{error: {message, type, param, code}}`, the same in an array, `{error: "…"}`, `{code, error: "…"}`,
 * `{error: {code, message, status}}`, `{type: "error", error: {…}}`, `{object: "error", message, …}`,
 * `{message}`, `{id, message}`, `{detail}`.
 */
function errorOf(parsed: unknown, status: number): UpstreamError | undefined {
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (typeof body === 'string' && body !== '') return { status, message: redact(body) };
  if (!isObject(body)) return undefined;
  const inner = isObject(body['error']) ? body['error'] : body;
  const message = messageOf(inner) ?? messageOf(body);
  if (message === undefined) return undefined;
  const error: Writable<UpstreamError> = { status, message: redact(message) };
  const type = textOf(inner['type']) ?? textOf(inner['status']);
  if (type !== undefined) error.type = type;
  const code = rejectionCode(status, message, codeOf(inner) ?? codeOf(body), type);
  if (code !== undefined) error.code = code;
  const param = textOf(inner['param']);
  if (param !== undefined) error.param = param;
  return error;
}

function codeOf({ code }: JsonObject): string | undefined {
  return typeof code === 'number' ? String(code) : textOf(code);
}

function messageOf(body: JsonObject): string | undefined {
  const { message, error, detail } = body;
  if (isObject(message)) return detailText(message['detail']);
  return textOf(message) ?? textOf(error) ?? textOf(body['Message']) ?? detailText(detail);
}

/** `detail` is a text, an object with a message, or a list of what is wrong where. */
function detailText(detail: unknown): string | undefined {
  if (typeof detail === 'string') return textOf(detail);
  if (isObject(detail)) return messageOf(detail);
  if (!Array.isArray(detail)) return undefined;
  const lines = detail.filter(isObject).map((item) => {
    const where = Array.isArray(item['loc']) ? `${item['loc'].join('.')}: ` : '';
    return `${where}${textOf(item['msg']) ?? 'invalid'}`;
  });
  return lines.length === 0 ? undefined : lines.join('; ');
}

/** What keys look like: a provider may repeat the one it was sent. */
const KEYS = /\b(?:Bearer\s+[\w.~+/-]+=*|(?:sk|gsk|xai|pplx|key|api)-[\w*-]{12,})/gi;

function redact(message: string): string {
  return message.replace(KEYS, '[redacted]');
}

const BY_TYPE: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['insufficient_quota', 429],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['rate_limit_error', 429],
  ['rate_limit_exceeded', 429],
  ['requests', 429],
  ['tokens', 429],
  ['overloaded_error', 529],
  ['server_error', 500],
]);

/** The status that an error would have had, had it come before the answer began: as the provider tells it, else 502. */
function inBandStatus(body: JsonObject): number {
  const inner = isObject(body['error']) ? body['error'] : body;
  for (const value of [inner['status_code'], inner['code'], inner['status'], body['code'], body['status_code']]) {
    const status = typeof value === 'string' ? Number(value) : value;
    if (typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600) return status;
  }
  return BY_TYPE.get(textOf(inner['code']) ?? '') ?? BY_TYPE.get(textOf(inner['type']) ?? '') ?? 502;
}
