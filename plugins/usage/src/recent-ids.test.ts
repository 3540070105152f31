/** The last fifty thousand ids are known, whatever came before them, and never more than twice as many. */
import { expect, test } from 'vitest';
import { RecentIds } from './recent-ids.ts';

test('the late ones are known, and early ones forgotten', () => {
  const ids = new RecentIds();
  for (let n = 0; n < 149_999; n++) ids.add(`r${n}`);
  const known = ids.copy();
  expect(['r149998', 'r100000', 'r50000', 'r49999', 'r0'].map((id) => known.has(id))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(known.size).toBeLessThanOrEqual(100_000);
});

test('a copy is of its moment', () => {
  const ids = new RecentIds();
  ids.add('before');
  const copy = ids.copy();
  ids.add('after');
  expect([...copy]).toEqual(['before']);
});
