/** Which headers pass through the gateway, and which it sets itself. */
import type { Dialect } from '../dialect.ts';
import type { RequestHeaders } from '../exchange.ts';
import type { LiveExchange } from './live-exchange.ts';
import type { HeadersOut } from './outlet.ts';
import type { ReplySource } from './replies/reply-source.ts';

/** Exact names, and prefixes: those that end in `-`. */
class HeaderFilter {
  readonly #exact: readonly string[];
  readonly #prefixes: readonly string[];

  constructor(names: readonly string[]) {
    this.#exact = names.filter((name) => !name.endsWith('-'));
    this.#prefixes = names.filter((name) => name.endsWith('-'));
  }

  /** Copies what passes. Several values of one name are joined, as HTTP allows. */
  copy(from: RequestHeaders, to: Record<string, string>): void {
    // A few are looked for sooner than all that came are looked at.
    for (const name of this.#exact) copyOne(name, from[name], to);
    if (this.#prefixes.length === 0) return;
    for (const name in from) if (this.#begins(name)) copyOne(name, from[name], to);
  }

  #begins(name: string): boolean {
    for (const prefix of this.#prefixes) if (name.startsWith(prefix)) return true;
    return false;
  }
}

function copyOne(name: string, value: string | string[] | undefined, to: Record<string, string>): void {
  if (value !== undefined) to[name] = typeof value === 'string' ? value : value.join(', ');
}

interface Filters {
  readonly request: HeaderFilter;
  readonly reply: HeaderFilter;
}

const filters = new WeakMap<Dialect, Filters>();

function filtersOf(dialect: Dialect): Filters {
  let pair = filters.get(dialect);
  if (pair === undefined) {
    pair = { request: new HeaderFilter(dialect.requestHeaders), reply: new HeaderFilter(dialect.replyHeaders) };
    filters.set(dialect, pair);
  }
  return pair;
}

/** The client's headers that go on to a target; none where it speaks another dialect. */
export function forwardedHeaders(exchange: LiveExchange, target: Dialect): Record<string, string> {
  const headers: Record<string, string> = {};
  if (exchange.dialect === target) filtersOf(target).request.copy(exchange.headers, headers);
  return headers;
}

/** The headers of a reply to the client: the provider's that pass, and the gateway's own. */
export function replyHeaders(exchange: LiveExchange, source: ReplySource | undefined, contentType: string): HeadersOut {
  const headers: HeadersOut = { 'content-type': contentType, 'x-gatewright-request-id': exchange.id };
  if (source !== undefined) {
    if (source.target !== undefined) headers['x-gatewright-target'] = source.target;
    if (exchange.dialect === source.dialect) filtersOf(source.dialect).reply.copy(source.headers, headers);
  }
  const { warnings } = exchange;
  addHeaders(exchange, headers);
  if (warnings.length > 0) headers['x-gatewright-warning'] = warnings.map(describeWarning).join('; ');
  return headers;
}

/** Adds the headers that plugins have set; of one name the last. */
export function addHeaders({ addedHeaders: added }: LiveExchange, to: HeadersOut): void {
  if (added === undefined) return;
  for (let index = 0; index < added.length; index += 2) to[added[index] as string] = added[index + 1] as string;
}

function describeWarning(warning: { readonly field: string; readonly reason: string }): string {
  // A header takes visible ASCII only (RFC 9110, section 5.5).
  return `${warning.field}: ${warning.reason}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 400);
}
