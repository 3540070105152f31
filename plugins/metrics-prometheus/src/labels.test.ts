/** Tuples are found again, kept apart, and bounded in number. */
import { expect, test } from 'vitest';
import { seriesKey, TupleCache } from './labels.ts';

function counted(limit: number): { cache: TupleCache<string>; made: (readonly string[])[] } {
  const made: (readonly string[])[] = [];
  const cache = new TupleCache(limit, (values) => {
    made.push(values);
    return values.join('/');
  });
  return { cache, made };
}

test('what was made for a tuple is made once', () => {
  const { cache, made } = counted(10);
  expect([cache.get(['a', 'b']), cache.get(['a', 'b']), cache.get(['b', 'a'])]).toEqual(['a/b', 'a/b', 'b/a']);
  expect(made).toEqual([
    ['a', 'b'],
    ['b', 'a'],
  ]);
});

test('tuples that read alike are kept apart', () => {
  const { cache } = counted(10);
  expect(cache.get(['a,b', 'c'])).not.toBe(cache.get(['a', 'b,c']));
  expect(seriesKey({ x: 'a","b', y: 'c' })).not.toBe(seriesKey({ x: 'a', y: 'b","c' }));
});

test('beyond the limit, everything new is other, and what is there stays', () => {
  const { cache, made } = counted(3);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) cache.get([name, 'x']);
  expect(cache.get(['d', 'x'])).toBe('other/other');
  expect(cache.get(['a', 'x'])).toBe('a/x');
  expect(made).toHaveLength(4);
  for (let index = 0; index < 10_000; index++) cache.get([String(index), 'x']);
  expect(made).toHaveLength(4);
});
