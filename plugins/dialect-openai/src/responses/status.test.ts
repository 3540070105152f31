/** How an answer ended, in this dialect's words and in the neutral ones. */
import { expect, test } from 'vitest';
import { decodeStatus, encodeStatus } from './status.ts';

test.each([
  ['completed', null, false, 'stop'],
  ['completed', null, true, 'tool-calls'],
  [undefined, undefined, false, 'stop'],
  ['incomplete', { reason: 'max_output_tokens' }, true, 'length'],
  ['incomplete', { reason: 'content_filter' }, false, 'content-filter'],
  // What nobody knows must not look finished.
  ['incomplete', { reason: 'tired' }, false, 'length'],
  ['incomplete', null, false, 'length'],
  ['cancelled', null, false, 'length'],
])('%s %j, with calls: %s, is %s', (status, details, calls, reason) => {
  expect(decodeStatus(status, details, calls)?.reason).toBe(reason);
});

test.each(['queued', 'in_progress'])('%s is no end', (status) => {
  expect(decodeStatus(status, null, false)).toBeUndefined();
});

test.each([
  ['stop', 'completed', null],
  ['stop-sequence', 'completed', null],
  ['tool-calls', 'completed', null],
  ['refusal', 'completed', null],
  ['length', 'incomplete', 'max_output_tokens'],
  ['context-length', 'incomplete', 'max_output_tokens'],
  ['pause', 'incomplete', 'max_output_tokens'],
  ['content-filter', 'incomplete', 'content_filter'],
] as const)('%s of another dialect is %s', (reason, status, why) => {
  expect(encodeStatus({ reason })).toEqual({ status, incomplete_details: why === null ? null : { reason: why } });
});

test('the provider’s own words stand', () => {
  for (const [status, details] of [
    ['incomplete', { reason: 'tired' }],
    ['cancelled', null],
    ['completed', null],
  ] as const) {
    const stop = decodeStatus(status, details, false);
    expect(encodeStatus(stop)).toEqual({ status, incomplete_details: details });
  }
  expect(encodeStatus(undefined).status).toBe('in_progress');
});
