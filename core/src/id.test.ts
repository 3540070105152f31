import { expect, test } from 'vitest';
import { newId } from './id.ts';

test('ids are 24 hexadecimal digits and do not repeat, also when the pool is filled anew', () => {
  const ids = Array.from({ length: 2000 }, newId);
  expect(ids.every((id) => /^gw_[0-9a-f]{24}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(2000);
});

test('ids begin with the second that they were made in', () => {
  const heads = [1_795_388_928_999, 1_795_388_929_000, 0].map((time) => newId(time).slice(0, 11));
  expect(heads).toEqual(['gw_6b037600', 'gw_6b037601', 'gw_00000000']);
});

test('ids of one second stand in the order of the moments that they were made in', () => {
  const moments = Array.from({ length: 100 }, (_, n) => 1_795_388_928_000 + n * 10);
  const ids = moments.map(newId);
  expect(ids.toSorted()).toEqual(ids);
});
