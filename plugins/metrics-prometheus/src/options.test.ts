/** What the options take and refuse. */
import { expect, test } from 'vitest';
import { options } from './options.ts';

test('nothing needs to be said', () => {
  const parsed = options.parse({});
  expect(parsed).toMatchObject({ path: '/metrics', labels: {}, by: ['team'], series: 2000, process: true });
  expect(parsed.token).toBeUndefined();
  expect(Object.keys(parsed.buckets)).toEqual(['duration', 'firstToken', 'overhead']);
});

test('buckets can be given one by one', () => {
  const { buckets } = options.parse({ buckets: { overhead: [1, 2] } });
  expect(buckets.overhead).toEqual([1, 2]);
  expect(buckets.duration.length).toBeGreaterThan(5);
});

test.each([
  ['a path without a slash', { path: 'metrics' }, 'path'],
  ['an empty token', { token: '' }, 'token'],
  ['a label that Prometheus cannot read', { labels: { 'data-centre': 'x' } }, 'labels.data-centre'],
  ['a label of the plugin itself', { labels: { model: 'x' } }, 'labels.model'],
  ['a label of Prometheus itself', { labels: { __name__: 'x' } }, 'labels.__name__'],
  ['a label that is a number', { labels: { region: 7 } }, 'labels.region'],
  ['an unknown part of the caller', { by: ['password'] }, 'by.0'],
  ['buckets in disorder', { buckets: { duration: [1, 3, 2] } }, 'buckets.duration'],
  ['the same bucket twice', { buckets: { duration: [1, 1] } }, 'buckets.duration'],
  ['no buckets', { buckets: { firstToken: [] } }, 'buckets.firstToken'],
  ['a negative bucket', { buckets: { overhead: [-1] } }, 'buckets.overhead.0'],
  ['too few series', { series: 1 }, 'series'],
  ['an unknown option', { port: 9090 }, ''],
])('refuses %s', (_what, value, path) => {
  const result = options.safeParse(value);
  expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
