import { expect, test } from 'vitest';
import { newId } from './id.ts';

test('ids are 24 hexadecimal digits and do not repeat, also when the pool is filled anew', () => {
  const ids = Array.from({ length: 2000 }, newId);
  expect(ids.every((id) => /^gw_[0-9a-f]{24}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(2000);
});
