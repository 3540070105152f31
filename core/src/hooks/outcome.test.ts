/** An outcome is there at once where it can be, and a promise of it where it cannot. */
import { expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';

const failure = new Error('It failed.');

test('what is told at once is the answer itself', () => {
  expect(outcomeOf((done) => done(null, 7))).toBe(7);
  expect(outcomeOf((done) => done(null))).toBeUndefined();
});

test('an error that is told at once is thrown', () => {
  expect(() => outcomeOf((done) => done(failure))).toThrow(failure);
});

test('what is told later is promised', async () => {
  const outcome = outcomeOf<number>((done) => queueMicrotask(() => done(null, 7)));
  expect(outcome).toBeInstanceOf(Promise);
  expect(await outcome).toBe(7);
});

test('an error that is told later is a rejection', async () => {
  const outcome = outcomeOf((done) => queueMicrotask(() => done(failure)));
  await expect(outcome).rejects.toBe(failure);
});
