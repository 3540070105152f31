/** What a provider that says 429 does to its breaker. */
import { expect, test } from 'vitest';
import { Stage } from './stage.test.kit.ts';

test('a 429 with a retry-after opens it for exactly that long, whatever the chance', () => {
  const stage = new Stage({ random: () => 0.9 });
  stage.call({ status: 429, retryAfter: 3_000 });
  expect(stage.ward.of('a/one')).toMatchObject({
    state: 'open',
    until: stage.clock.now() + 3_000,
    reason: 'status 429, with a retry-after of 3 s',
  });
  stage.clock.advance(3_000);
  expect([stage.call('ok'), stage.call('ok'), stage.state()]).toEqual(['tried', 'tried', 'closed']);
});

test('a retry-after of a day is capped', () => {
  const stage = new Stage({ options: { longest: '5m' } });
  stage.call({ status: 429, retryAfter: 86_400_000 });
  expect(stage.ward.of('a/one')?.until).toBe(stage.clock.now() + 300_000);
});

test('a 429 that does not say for how long counts as a failure', () => {
  const stage = new Stage();
  stage.calls(4, 429);
  expect(stage.state()).toBe('closed');
  stage.call(429);
  expect(stage.state()).toBe('open');
});

test('a 429 while it is tried opens it again, for as long as it says at least', () => {
  const stage = new Stage();
  stage.call({ status: 429, retryAfter: 1_000 });
  stage.clock.advance(1_000);
  stage.call({ status: 429, retryAfter: 30_000 });
  expect(stage.ward.of('a/one')).toMatchObject({ state: 'open', until: stage.clock.now() + 30_000, openings: 2 });
});

test('who comes back when told is not sent away because a timer was a millisecond early', () => {
  const stage = new Stage();
  stage.call({ status: 429, retryAfter: 1_000 });
  stage.clock.advance(999);
  expect(stage.call('ok')).toBe('tried');
});

test('rate limits may count like failures, or not at all', () => {
  const counting = new Stage({ options: { rateLimits: 'count' } });
  counting.calls(4, { status: 429, retryAfter: 1_000 });
  expect(counting.state()).toBe('closed');
  counting.call({ status: 429, retryAfter: 1_000 });
  expect(counting.state()).toBe('open');
  const ignoring = new Stage({ options: { rateLimits: 'ignore' } });
  ignoring.calls(100, { status: 429, retryAfter: 1_000 });
  expect(ignoring.state()).toBe('closed');
});
