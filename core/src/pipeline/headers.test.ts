/** Headers pass where a dialect names them, by themselves or by how they begin, and only between two sides of that dialect. */
import { expect, test } from 'vitest';
import type { Dialect } from '../dialect.ts';
import type { RequestHeaders } from '../exchange.ts';
import { forwardedHeaders, replyHeaders } from './headers.ts';
import type { LiveExchange } from './live-exchange.ts';
import type { ReplySource } from './replies/reply-source.ts';

function dialectOf(requestHeaders: readonly string[], replies: readonly string[] = []): Dialect {
  return { id: 'd', operation: 'chat', requestHeaders, replyHeaders: replies } as unknown as Dialect;
}

const exchangeOf = (dialect: Dialect, headers: RequestHeaders = {}): LiveExchange =>
  ({ id: 'gw_1', dialect, headers, warnings: [], addedHeaders: undefined }) as unknown as LiveExchange;

const CAME: RequestHeaders = {
  authorization: 'Bearer secret',
  'x-one': 'a',
  'x-two-': 'b',
  'x-two-more': ['c', 'd'],
  'x-twos': 'e',
};

test.each([
  ['by its name', ['x-one'], { 'x-one': 'a' }],
  ['by how it begins, several values joined', ['x-two-'], { 'x-two-': 'b', 'x-two-more': 'c, d' }],
  ['either way', ['x-two-', 'x-twos'], { 'x-two-': 'b', 'x-two-more': 'c, d', 'x-twos': 'e' }],
  ['nothing that did not come', ['x-other', 'y-'], {}],
  ['nothing where nothing may', [], {}],
])('%s', (_what, names, passed) => {
  const dialect = dialectOf(names);
  expect(forwardedHeaders(exchangeOf(dialect, CAME), dialect)).toEqual(passed);
  expect(forwardedHeaders(exchangeOf(dialectOf(names), CAME), dialect)).toEqual({});
});

test('a reply has the provider’s headers that pass, and the gateway’s own', () => {
  const dialect = dialectOf([], ['x-one', 'x-two-']);
  const own = { 'content-type': 'text/plain', 'x-gatewright-request-id': 'gw_1', 'x-gatewright-target': 'p/m' };
  const source = { dialect, headers: CAME, target: 'p/m' } as unknown as ReplySource;
  const passed = { 'x-one': 'a', 'x-two-': 'b', 'x-two-more': 'c, d' };
  expect(replyHeaders(exchangeOf(dialect), source, 'text/plain')).toEqual({ ...own, ...passed });
  expect(replyHeaders(exchangeOf(dialectOf([])), source, 'text/plain')).toEqual(own);
});
