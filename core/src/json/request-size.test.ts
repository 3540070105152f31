/** Only what can count something is a count. */
import { expect, test } from 'vitest';
import { requestSize } from './request-size.ts';

test.each([0, 1, 2 ** 40])('%d is a count', (value) => {
  expect(requestSize(value, value)).toEqual({ maxOutput: value, candidates: value });
});

test.each([-1, 1.5, Number.NaN, 2 ** 60, '1', null, undefined, true, [1]])('%j is none', (value) => {
  expect(requestSize(value, value)).toEqual({});
});
