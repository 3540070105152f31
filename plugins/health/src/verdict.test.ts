/** What outcomes say of a target, and which say nothing of it. */
import { GatewayError, type Attempt, type AttemptOutcome, type GatewayErrorCode } from '@gatewright/core';
import { expect, test } from 'vitest';
import { isImpatience, ofProvider, verdictOf, wordsFor } from './verdict.ts';

function failed(code: GatewayErrorCode, upstream?: number): AttemptOutcome {
  const error = new GatewayError(
    code,
    'It went wrong.',
    upstream === undefined ? {} : { status: upstream, upstream: { status: upstream, message: 'no' } },
  );
  return { result: 'error', status: upstream ?? 0, error, usageComplete: false, duration: 1 };
}

const succeeded: AttemptOutcome = { result: 'success', status: 200, usageComplete: true, duration: 1 };

test.each([
  'GW_UPSTREAM_UNREACHABLE',
  'GW_UPSTREAM_INVALID',
  'GW_UPSTREAM_EMPTY',
  'GW_UPSTREAM_CUT',
  'GW_UPSTREAM_TIMEOUT',
] as const)('%s is the target’s', (code) => expect(verdictOf(failed(code))).toBe('bad'));

test.each([
  'GW_BAD_REQUEST',
  'GW_UNSUPPORTED',
  'GW_BUDGET_EXCEEDED',
  'GW_RATE_LIMITED',
  'GW_STATE_UNAVAILABLE',
  'GW_CLIENT_CLOSED',
  'GW_PLUGIN_FAILED',
  'GW_INTERNAL',
  'GW_SPOOL_FAILED',
  'GW_TARGET_UNHEALTHY',
] as const)('%s says nothing of the target', (code) => expect(verdictOf(failed(code))).toBe('none'));

test.each([
  [400, 'none'],
  [401, 'bad'],
  [402, 'bad'],
  [403, 'none'],
  [404, 'none'],
  [408, 'bad'],
  [409, 'none'],
  [413, 'none'],
  [422, 'none'],
  [429, 'limited'],
  [500, 'bad'],
  [503, 'bad'],
  [529, 'bad'],
] as const)('a provider’s %i is %s', (status, verdict) => {
  expect(verdictOf(failed('GW_UPSTREAM_ERROR', status))).toBe(verdict);
});

test('an answer is good; who left and who was stopped say nothing', () => {
  expect(verdictOf(succeeded)).toBe('good');
  expect(verdictOf({ ...failed('GW_UPSTREAM_TIMEOUT'), result: 'client-gone' })).toBe('none');
  expect(verdictOf({ ...failed('GW_UPSTREAM_TIMEOUT'), result: 'shutdown' })).toBe('none');
});

test('of a provider as a whole, only connections that fail are bad, and any answer is good', () => {
  const provider = (outcome: AttemptOutcome): string => ofProvider(outcome, verdictOf(outcome));
  expect(provider(failed('GW_UPSTREAM_UNREACHABLE'))).toBe('bad');
  expect(provider(failed('GW_UPSTREAM_ERROR', 500))).toBe('good');
  expect(provider(failed('GW_UPSTREAM_TIMEOUT'))).toBe('none');
  expect(provider(succeeded)).toBe('good');
  const cause = Object.assign(new Error('slow'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
  const error = new GatewayError('GW_UPSTREAM_TIMEOUT', 'It did not accept a connection.', { cause });
  expect(provider({ ...failed('GW_UPSTREAM_TIMEOUT'), error })).toBe('bad');
  expect(provider({ ...failed('GW_BAD_REQUEST') })).toBe('none');
});

test('nothing that the provider wrote is in the words', () => {
  expect(wordsFor(failed('GW_UPSTREAM_ERROR', 503).error)).toBe('status 503');
  expect(wordsFor(failed('GW_UPSTREAM_UNREACHABLE').error)).toBe('no connection');
  expect(wordsFor(failed('GW_UPSTREAM_EMPTY').error)).toBe('GW_UPSTREAM_EMPTY');
});

test('what is refused for its length or its words says nothing, whatever the status', () => {
  for (const code of ['context_length_exceeded', 'content_filter']) {
    const upstream = { status: 500, message: 'no', code };
    const error = new GatewayError('GW_UPSTREAM_ERROR', 'No.', { status: 500, upstream });
    expect(verdictOf({ ...failed('GW_UPSTREAM_ERROR', 500), error })).toBe('none');
  }
  const upstream = { status: 429, message: 'no', code: 'insufficient_quota' };
  const error = new GatewayError('GW_UPSTREAM_ERROR', 'No.', { status: 429, upstream });
  expect(verdictOf({ ...failed('GW_UPSTREAM_ERROR', 429), error })).toBe('bad');
});

test('a timeout of the caller’s own says nothing of the target, unless it was long', () => {
  const asked = (headers: object): Attempt => ({ exchange: { headers } }) as Attempt;
  const timeout = (duration: number, cause?: Error): AttemptOutcome => {
    const error = new GatewayError('GW_UPSTREAM_TIMEOUT', 'Too slow.', cause === undefined ? {} : { cause });
    return { result: 'timeout', status: 0, error, usageComplete: false, duration };
  };
  const hasty = asked({ 'x-gatewright-timeout': '2s' });
  expect(isImpatience(timeout(2000), hasty, 60_000)).toBe(true);
  expect(isImpatience(timeout(2000), asked({ 'x-gatewright-first-token-timeout': '2' }), 60_000)).toBe(true);
  expect(isImpatience(timeout(60_000), hasty, 60_000)).toBe(false);
  expect(isImpatience(timeout(2000, new Error('UND_ERR_HEADERS_TIMEOUT')), hasty, 60_000)).toBe(false);
  const silent = new Error('UND_ERR_BODY_TIMEOUT');
  expect(isImpatience(timeout(2000, silent), asked({ 'x-gatewright-idle-timeout': '1' }), 60_000)).toBe(true);
  expect(isImpatience(timeout(2000), asked({ 'x-gatewright-idle-timeout': '1' }), 60_000)).toBe(false);
  expect(isImpatience(timeout(2000), asked({ 'x-gatewright-connect-timeout': '1' }), 60_000)).toBe(true);
  expect(isImpatience(timeout(2000), asked({}), 60_000)).toBe(false);
  expect(isImpatience(failed('GW_UPSTREAM_ERROR', 500), hasty, 60_000)).toBe(false);
});
