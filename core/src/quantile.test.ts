/** Quantiles are never too low, hardly too high, follow what changes, and stay small. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecayedQuantile, QuantileTable } from './quantile.ts';

test('of what was seen lately, a quantile is not too low, and too high by a fifth at most', () => {
  const values = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, (seen) => {
      const quantile = new DecayedQuantile();
      for (const value of seen) quantile.observe(value);
      const most = Math.max(...seen);
      expect(quantile.at(1)).toBeGreaterThanOrEqual(most);
      expect(quantile.at(1)).toBeLessThanOrEqual(Math.ceil(most * 1.19));
    }),
  );
});

test('the middle is where half of the observations are', () => {
  const quantile = new DecayedQuantile();
  for (let n = 0; n < 100; n++) quantile.observe(n % 10 === 0 ? 10_000 : 100);
  expect(quantile.at(0.5)).toBeLessThan(120);
  expect(quantile.at(0.95)).toBeGreaterThanOrEqual(10_000);
});

test('what was long ago is forgotten', () => {
  const quantile = new DecayedQuantile();
  for (let n = 0; n < 1000; n++) quantile.observe(50_000);
  for (let n = 0; n < 2000; n++) quantile.observe(100);
  expect(quantile.at(0.95)).toBeLessThan(120);
});

test('it goes on after a million observations', () => {
  const quantile = new DecayedQuantile();
  for (let n = 0; n < 1_000_000; n++) quantile.observe(n < 999_000 ? 5 : 1000);
  expect(quantile.at(0.95)).toBeGreaterThanOrEqual(1000);
  expect(quantile.at(0.95)).toBeLessThan(1200);
});

test('nothing seen is nothing, and what is beyond the last bucket is the last', () => {
  const quantile = new DecayedQuantile();
  expect([quantile.at(0.5), quantile.count]).toEqual([0, 0]);
  quantile.observe(0);
  expect(quantile.at(1)).toBe(1);
  quantile.observe(1e12);
  expect(quantile.at(1)).toBe(2 ** 24);
});

test('a table keeps those that were used last', () => {
  const table = new QuantileTable(3);
  for (const name of ['a', 'b', 'c', 'a', 'd']) table.observe(name, 1);
  expect(table.size).toBe(3);
  expect([table.get('a')?.count, table.get('b'), table.get('d')?.count]).toEqual([2, undefined, 1]);
  table.observe('d', 8);
  expect([table.at(['d', 'a'], 1, 2), table.at(['c', 'a'], 1, 2), table.at(['c'], 1, 2)]).toEqual([8, 1, undefined]);
});
