/** Latencies: what is learned of calls, and how it fades. */
import { describe, expect, test } from 'vitest';
import { failure, outcome } from '../rig.test.kit.ts';
import { DecayedMean } from './decayed-mean.ts';
import { FAILED, isTargetsFault, Latencies } from './latencies.ts';

const HALF = 60_000;

describe('a decayed mean', () => {
  test('is that of its samples, where they come at once', () => {
    const mean = new DecayedMean(HALF);
    for (const sample of [100, 200, 600]) mean.add(sample, 0);
    expect(mean.at(0)).toBeCloseTo(300);
  });

  test('weighs a sample half after a half-life', () => {
    const mean = new DecayedMean(HALF);
    mean.add(100, 0);
    mean.add(400, HALF);
    expect(mean.at(HALF)).toBeCloseTo((100 * 0.5 + 400) / 1.5);
  });

  test('is forgotten after five half-lives of one sample, and later where there were more', () => {
    const one = new DecayedMean(HALF);
    one.add(100, 0);
    expect(one.at(5 * HALF - 1)).toBe(100);
    expect(one.at(5 * HALF)).toBeUndefined();
    const two = new DecayedMean(HALF);
    two.add(100, 0);
    two.add(100, 0);
    expect(two.at(6 * HALF - 1)).toBe(100);
    expect(two.at(6 * HALF)).toBeUndefined();
    one.add(50, 20 * HALF);
    expect(one.at(20 * HALF)).toBeCloseTo(50, 3);
  });

  test('a clock that goes back does no harm', () => {
    const mean = new DecayedMean(HALF);
    mean.add(100, HALF);
    mean.add(300, 0);
    expect(mean.at(0)).toBeCloseTo(200);
  });
});

describe('latencies', () => {
  test('of streams are those of their first tokens, of whole replies their durations', () => {
    const latencies = new Latencies(HALF, 'first-token');
    latencies.learn('a', outcome({ timeToFirstToken: 50, duration: 5000 }), 0);
    expect([latencies.of('a', true, 0), latencies.of('a', false, 0)]).toEqual([50, 50]);
    latencies.learn('a', outcome({ duration: 900 }), 0);
    expect([latencies.of('a', true, 0), latencies.of('a', false, 0)]).toEqual([50, 900]);
  });

  test('may be those of all of a stream', () => {
    const latencies = new Latencies(HALF, 'total');
    latencies.learn('a', outcome({ timeToFirstToken: 50, duration: 5000 }), 0);
    expect([latencies.of('a', true, 0), latencies.of('a', false, 0)]).toEqual([5000, 5000]);
  });

  test('an error that comes fast does not look like a fast answer', () => {
    const latencies = new Latencies(HALF, 'first-token');
    latencies.learn('a', failure('GW_UPSTREAM_ERROR', 503), 0);
    latencies.learn('b', failure('GW_UPSTREAM_TIMEOUT', 0, 100_000), 0);
    expect([latencies.of('a', true, 0), latencies.of('b', false, 0)]).toEqual([FAILED, 100_000]);
  });

  test('one that a hedge has outpaced takes at least as long as it had', () => {
    const latencies = new Latencies(HALF, 'first-token');
    latencies.learn('a', outcome({ result: 'hedged', duration: 700 }), 0);
    expect([latencies.of('a', true, 0), latencies.of('a', false, 0)]).toEqual([700, 700]);
  });

  test('nothing is known of whom nobody has asked', () => {
    expect(new Latencies(HALF, 'total').of('a', true, 0)).toBeUndefined();
  });
});

test.each([
  [failure('GW_UPSTREAM_ERROR', 500), true],
  [failure('GW_UPSTREAM_ERROR', 429), true],
  [failure('GW_UPSTREAM_UNREACHABLE', 0), true],
  [failure('GW_UPSTREAM_CUT', 200), true],
  [failure('GW_UPSTREAM_TIMEOUT', 0), true],
  [failure('GW_UPSTREAM_ERROR', 400), false],
  [failure('GW_UNSUPPORTED', 0), false],
  [failure('GW_BUDGET_EXCEEDED', 0), false],
  [outcome({ result: 'client-gone' }), false],
  [outcome({ result: 'shutdown' }), false],
])('what says something of the target, and what does not: %#', (given, fault) => {
  expect(isTargetsFault(given)).toBe(fault);
  const latencies = new Latencies(HALF, 'total');
  latencies.learn('a', given, 0);
  expect(latencies.of('a', false, 0) !== undefined).toBe(fault);
});
