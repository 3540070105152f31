/** The map never holds more than it may, and keeps what is used. */
import { expect, test } from 'vitest';
import { Generations } from './generations.ts';

test('holds no more than its capacity, however much is put in', () => {
  const map = new Generations<number>(100);
  for (let n = 0; n < 10_000; n++) {
    map.set(`k${n}`, n);
    expect(map.size).toBeLessThanOrEqual(100);
  }
  expect(map.get('k9999')).toBe(9999);
  expect(map.get('k0')).toBeUndefined();
});

test('keeps what is asked for while others come and go', () => {
  const map = new Generations<number>(100);
  map.set('dear', 1);
  for (let n = 0; n < 10_000; n++) {
    map.set(`k${n}`, n);
    if (n % 20 === 0) expect(map.get('dear')).toBe(1);
  }
});

test('forgets what is deleted, wherever it is', () => {
  const map = new Generations<number>(4);
  map.set('a', 1);
  map.set('b', 2);
  map.set('c', 3);
  map.delete('a');
  map.delete('c');
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, undefined]);
});
