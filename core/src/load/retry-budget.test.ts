/** Retries stay a small part of what a target is asked. */
import { expect, test } from 'vitest';
import { ManualClock } from '../manual-clock.test.kit.ts';
import { RetryBudget } from './retry-budget.ts';

/** So many exchanges a second for so long, each of which would retry once. */
function retriesIn(budget: RetryBudget, clock: ManualClock, perSecond: number, seconds: number): number {
  let retries = 0;
  for (let tries = 0; tries < perSecond * seconds; tries++) {
    clock.advance(1000 / perSecond);
    budget.tried();
    if (budget.take()) retries++;
  }
  return retries;
}

test('a target that is down is asked again a fifth of the time, after what quiet times have saved', () => {
  const clock = new ManualClock();
  const budget = new RetryBudget(clock);
  for (let tries = 0; tries < 100_000; tries++) budget.tried();
  const storm = retriesIn(budget, clock, 1000, 1);
  expect(storm).toBeLessThanOrEqual(0.2 * 1000 + 100 + 3);
  const later = retriesIn(budget, clock, 1000, 10);
  expect(later).toBeGreaterThan(0.19 * 10_000);
  expect(later).toBeLessThanOrEqual(0.2 * 10_000 + 3 * 10 + 1);
});

test('where there is little traffic, a few retries a second are always allowed', () => {
  const clock = new ManualClock();
  expect(retriesIn(new RetryBudget(clock), clock, 2, 60)).toBe(120);
});

test('rest alone saves no more than a few', () => {
  const clock = new ManualClock();
  const budget = new RetryBudget(clock);
  clock.advance(3_600_000);
  let retries = 0;
  while (budget.take()) retries++;
  expect(retries).toBe(10);
});
