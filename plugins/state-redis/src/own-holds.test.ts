/** The holds of a process are found by their ids, whatever ids they have. */
import { expect, test } from 'vitest';
import { OwnHolds, type OwnHold } from './own-holds.ts';

const hold = (id: string, memo = ''): OwnHold => ({ id, claims: [], parts: [], amounts: [], memo });

test('thousands come and go, and each is found while it is there', () => {
  const holds = new OwnHolds();
  const ids = Array.from({ length: 5000 }, (_, n) => `gw_00000000${n.toString(16)}-1`);
  for (const id of ids) holds.add(hold(id));
  for (const [n, id] of ids.entries()) if (n % 3 > 0) holds.delete(id);
  const left = ids.filter((_id, n) => n % 3 === 0);
  expect(holds.size).toBe(left.length);
  expect(ids.filter((id) => holds.get(id)?.id === id)).toEqual(left);
  expect(holds.all.map(({ id }) => id).toSorted()).toEqual(left.toSorted());
});

test('one that is added again takes the place of the first, and what is not there cannot be taken away', () => {
  const holds = new OwnHolds();
  for (const memo of ['first', 'second']) holds.add(hold('', memo));
  holds.delete('other');
  expect([holds.size, holds.get('')?.memo]).toEqual([1, 'second']);
});
