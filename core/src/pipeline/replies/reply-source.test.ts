import { expect, test } from 'vitest';
import { readRetryAfter, upstreamFailure } from './reply-source.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

test.each([
  [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1' }, undefined],
  [{}, undefined],
])('%j is %s milliseconds', (headers, wait) => {
  expect(readRetryAfter(headers, NOW)).toBe(wait);
});

test.each([
  [429, true],
  [500, true],
  [503, true],
  [529, true],
  [400, false],
  [401, false],
  [404, false],
])('a provider’s %d: another try can help: %s', (status, retryable) => {
  const failure = upstreamFailure('p/m', { status, message: 'said so', type: 't', param: 'x' }, {}, NOW);
  expect(failure).toMatchObject({ code: 'GW_UPSTREAM_ERROR', status, retryable, message: 'said so' });
  expect(failure.details).toMatchObject({ target: 'p/m', param: 'x', upstream: { type: 't' } });
});

test('a status that is no error becomes a 502', () => {
  expect(upstreamFailure('p/m', { status: 200, message: 'm' }, {}, NOW).status).toBe(502);
});

test('a wait that the body asks for counts where no header names one', () => {
  const upstream = { status: 429, message: 'm', retryAfter: 1500 };
  expect(upstreamFailure('p/m', upstream, {}, NOW).details.retryAfter).toBe(1500);
  expect(upstreamFailure('p/m', upstream, { 'retry-after': '2' }, NOW).details.retryAfter).toBe(2000);
});
