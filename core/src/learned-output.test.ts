/** What answers usually have is known after enough of them, by scope before by target. */
import { expect, test } from 'vitest';
import type { Attempt, AttemptOutcome } from './attempt.ts';
import { LearnedOutput } from './learned-output.ts';
import { NO_USAGE } from './usage.ts';

const attempt = (target: string, candidates?: number): Attempt =>
  ({
    target: { id: target },
    exchange: { size: () => (candidates === undefined ? {} : { candidates }) },
  }) as unknown as Attempt;
const outcome = (output: number, more: Partial<AttemptOutcome> = {}): AttemptOutcome => {
  return { result: 'success', status: 200, duration: 1, usageComplete: true, usage: { ...NO_USAGE, output }, ...more };
};

test('nothing is expected before twenty answers, and then what all but a few had', () => {
  const learned = new LearnedOutput(0.9);
  for (let n = 0; n < 19; n++) learned.observe(['team:a'], attempt('p/m'), outcome(100));
  expect(learned.expected('team:a', attempt('p/m'))).toBeUndefined();
  learned.observe(['team:a'], attempt('p/m'), outcome(5000));
  expect(learned.expected('team:a', attempt('p/m'))).toBeLessThan(120);
  expect(learned.expected('team:a', attempt('p/other'))).toBeUndefined();
});

test('a scope without answers of its own expects what the target has', () => {
  const learned = new LearnedOutput(1);
  for (let n = 0; n < 20; n++) learned.observe(['team:long'], attempt('p/m'), outcome(1000));
  for (let n = 0; n < 20; n++) learned.observe(['team:short'], attempt('p/m'), outcome(10));
  expect(learned.expected('team:short', attempt('p/m'))).toBeLessThan(13);
  expect(learned.expected('team:new', attempt('p/m'))).toBeGreaterThanOrEqual(1000);
});

test('what broke off teaches nothing, and alternatives share their output', () => {
  const learned = new LearnedOutput(1);
  const broken = [outcome(9000, { usageComplete: false }), outcome(0, { usage: undefined as never })];
  for (const one of broken) for (let n = 0; n < 20; n++) learned.observe([], attempt('p/m'), one);
  expect(learned.expected('x', attempt('p/m'))).toBeUndefined();
  for (let n = 0; n < 20; n++) learned.observe([], attempt('p/m', 4), outcome(400));
  expect(learned.expected('x', attempt('p/m', 4))).toBeLessThan(120);
});
