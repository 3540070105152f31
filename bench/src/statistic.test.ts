/** Tests of the arithmetic behind the figures. */
import { expect, test } from 'vitest';
import { interleave, quantile, ratios, statistic } from './statistic.ts';

test('takes medians of odd and even counts, and says the lowest and the highest', () => {
  expect(statistic([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(statistic([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1, high: 4 });
  expect(() => statistic([])).toThrow(RangeError);
});

test('finds quantiles between two values', () => {
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
});

test('divides round by round', () => {
  expect(ratios([1, 8], [2, 4])).toEqual([0.5, 2]);
});

test('measures in turn, and turns the order round', async () => {
  const order: string[] = [];
  const values = await interleave(['a', 'b'], 3, (subject) => {
    order.push(subject);
    return Promise.resolve(order.length);
  });
  expect(order.join('')).toBe('abbaab');
  expect(values.get('b')).toEqual([2, 3, 6]);
});
