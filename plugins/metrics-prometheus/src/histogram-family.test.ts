/** A histogram is written as prom-client's own writes it. */
import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { HistogramFamily } from './histogram-family.ts';
import { samplesOf } from './exposition.test.kit.ts';

const BOUNDS = [0.1, 0.5, 1, 5];
const VALUES = [0, 0.05, 0.1, 0.1000001, 0.5, 0.75, 1, 3, 5, 5.1, 1000];

test('says the same as the original for the same observations', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const family = new HistogramFamily({ name: 'h_seconds', help: 'Times.', bounds: BOUNDS });
  ours.registerMetric(family.asMetric());
  const original = new Histogram({
    name: 'h_seconds',
    help: 'Times.',
    buckets: BOUNDS,
    labelNames: ['model', 'le2'],
    registers: [theirs],
  });
  VALUES.forEach((value, index) => {
    const labels = { model: index % 3 === 0 ? 'a' : 'b "c"', le2: 'x' };
    family.series(labels).observe(value);
    original.observe(labels, value);
  });
  const order = (text: string): unknown[] =>
    samplesOf(text)
      .map((sample) => JSON.stringify(sample, keysInOrder))
      .sort();
  expect(order(await ours.metrics())).toEqual(order(await theirs.metrics()));
  expect((await ours.metrics()).split('\n').slice(0, 2)).toEqual((await theirs.metrics()).split('\n').slice(0, 2));
});

test('leaves out what is no number, which would spoil the sum for good', async () => {
  const registry = new Registry();
  const family = new HistogramFamily({ name: 'h_seconds', help: 'Times.', bounds: BOUNDS });
  registry.registerMetric(family.asMetric());
  for (const value of [Number.NaN, Infinity, 2]) family.series({}).observe(value);
  expect(await registry.metrics()).toMatch(/h_seconds_sum 2\nh_seconds_count 1\n/);
});

function keysInOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)));
}
