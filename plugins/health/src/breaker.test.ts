/** When a breaker opens, how long it stays open, and how it closes. */
import { expect, test } from 'vitest';
import { Stage } from './stage.test.kit.ts';

test('it opens when so many calls in a row have failed, and no more calls are let through', () => {
  const stage = new Stage();
  stage.calls(4, 500);
  stage.call('ok');
  stage.calls(4, 500);
  expect(stage.state()).toBe('closed');
  stage.call(500);
  expect([stage.state(), stage.call('ok'), stage.call('ok')]).toEqual(['open', 'shed', 'shed']);
  expect(stage.ward.of('a/one')).toMatchObject({
    id: 'a/one',
    scope: 'target',
    since: stage.clock.now(),
    until: stage.clock.now() + 10_000,
    reason: '5 calls failed in a row, the last with status 500',
    openings: 1,
  });
  // Another target of the same provider is not touched.
  expect(stage.call('ok', 'a/two')).toBe('called');
});

test('it opens at a rate of failures, once there are enough calls in the window', () => {
  const stage = new Stage({ options: { failures: 1000, rate: 0.5, calls: 20, window: '30s' } });
  for (let pair = 0; pair < 9; pair++) {
    stage.call('ok');
    stage.call(500);
  }
  expect(stage.state()).toBe('closed');
  stage.call('ok');
  expect(stage.state()).toBe('closed');
  stage.call(500);
  expect(stage.ward.of('a/one')?.reason).toBe('10 of 20 calls failed within 30 s, the last with status 500');
});

test('failures that are older than the window do not count for the rate', () => {
  const stage = new Stage({ options: { failures: 1000, calls: 10, window: '10s' } });
  stage.calls(9, 500);
  stage.clock.advance(11_000);
  stage.calls(9, 500);
  expect(stage.state()).toBe('closed');
  stage.call(500);
  expect(stage.state()).toBe('open');
});

test.each([400, 403, 404, 422, 'gone'] as const)('any number of calls that end with %s leaves it closed', (end) => {
  const stage = new Stage();
  stage.calls(200, end);
  expect([stage.state(), stage.call('ok')]).toEqual(['closed', 'called']);
});

test('it is half open after its time, lets a bounded number try, and closes on success', () => {
  const stage = new Stage();
  stage.calls(5, 503);
  stage.clock.advance(9_000);
  expect(stage.call('ok')).toBe('shed');
  stage.clock.advance(1_000);
  expect(stage.state()).toBe('half-open');
  const [first, second] = [stage.begin(), stage.begin()];
  expect(() => stage.begin()).toThrow('a/one is not called');
  first.end('ok');
  expect(stage.state()).toBe('half-open');
  second.end('ok');
  expect([stage.state(), stage.call('ok')]).toEqual(['closed', 'called']);
  expect(stage.ward.of('a/one')).toMatchObject({ reason: undefined, until: undefined, openings: 1 });
});

test('a try that fails opens it again, twice as long each time, up to the longest', () => {
  const stage = new Stage({ options: { pause: '10s', longest: '60s' } });
  stage.calls(5, 500);
  const lengths: number[] = [];
  for (let round = 0; round < 5; round++) {
    const { until = 0, since = 0 } = stage.ward.of('a/one') ?? {};
    lengths.push((until - since) / 1000);
    stage.clock.advance(until - since);
    expect(stage.call(500)).toBe('tried');
  }
  expect(lengths).toEqual([10, 20, 40, 60, 60]);
  expect(stage.ward.of('a/one')?.reason).toBe('a call that tried it ended with status 500');
});

test('chance makes openings shorter by a fifth at most, and never shorter than what the provider asks for', () => {
  const short = new Stage({ random: () => 0.999_999 });
  short.calls(5, 500);
  expect(short.ward.of('a/one')?.until).toBe(short.clock.now() + 8_000);
  const asked = new Stage({ random: () => 0.999_999 });
  asked.calls(5, { status: 503, retryAfter: 9_500 });
  expect(asked.ward.of('a/one')?.until).toBe(asked.clock.now() + 9_500);
});

test('one that fails soon after it closed goes on with longer openings; one that held begins anew', () => {
  const stage = new Stage();
  const openFor = (): number => {
    stage.calls(5, 500);
    const { until = 0 } = stage.ward.of('a/one') ?? {};
    const length = until - stage.clock.now();
    stage.clock.advance(length);
    stage.calls(2, 'ok');
    expect(stage.state()).toBe('closed');
    return length;
  };
  expect([openFor(), openFor(), openFor()]).toEqual([10_000, 20_000, 40_000]);
  stage.clock.advance(60_000);
  expect(openFor()).toBe(10_000);
});

test('calls that were under way when it opened say nothing of whether the target is back', () => {
  const stage = new Stage();
  const early = [stage.begin(), stage.begin(), stage.begin()];
  stage.calls(5, 500);
  early[0]?.end(500);
  expect(stage.ward.of('a/one')?.openings).toBe(1);
  stage.clock.advance(10_000);
  early[1]?.end('ok');
  early[2]?.end(500);
  expect([stage.state(), stage.ward.of('a/one')?.openings]).toEqual(['half-open', 1]);
});

test('a try that says nothing makes room for the next', () => {
  const stage = new Stage({ options: { probes: 1, successes: 1 } });
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  for (const end of ['gone', 400, 404] as const) {
    expect([stage.call(end), stage.state()]).toEqual(['tried', 'half-open']);
  }
  expect([stage.call('ok'), stage.state()]).toEqual(['tried', 'closed']);
});

test('a stream that has begun to answer counts, and does not keep the others waiting for its end', () => {
  const stage = new Stage({ options: { probes: 1, successes: 2 } });
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  const first = stage.begin();
  expect(stage.call('ok')).toBe('shed');
  stage.clock.advance(100);
  first.answer();
  const second = stage.begin();
  stage.clock.advance(100);
  second.answer();
  expect(stage.call('ok')).toBe('called');
  expect(stage.state()).toBe('closed');
  // It broke after all: one failure of the target that is called again.
  first.end(500);
  expect(stage.ward.of('a/one')).toMatchObject({ state: 'closed', failed: 1 });
});

test('a stream counts also where a hedge was asked after it, and only its own content does', () => {
  const stage = new Stage({ options: { probes: 1, successes: 1 } });
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  const slow = stage.begin();
  const hedge = stage.begin('a/two');
  (slow.attempt.exchange.attempts as unknown[]).push(hedge.attempt);
  hedge.answer();
  expect([stage.call('ok'), stage.state()]).toEqual(['shed', 'half-open']);
  slow.answer();
  expect([stage.call('ok'), stage.state()]).toEqual(['called', 'closed']);
});

test('a try that is asked for again, since it waited for a place, does not count twice', () => {
  const stage = new Stage({ options: { probes: 1, successes: 1 } });
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  const { attempt } = stage.begin();
  expect(() => stage.ward.admit(attempt)).not.toThrow();
  expect(stage.call('ok')).toBe('shed');
});

test('a try that something else refused does not take the place of another for ever', () => {
  const stage = new Stage({ options: { probes: 1, successes: 1 } });
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  const refused = stage.begin();
  (refused.attempt.exchange.attempts as unknown[]).length = 0;
  expect(stage.call('ok')).toBe('shed');
  stage.clock.advance(5_001);
  expect([stage.call('ok'), stage.state()]).toEqual(['tried', 'closed']);
});
