/** Every fault of a provider, what the caller saw of it, and what it cost; `npm run faults` prints the table. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CASES } from './cases/index.ts';
import { Lab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

test.each(CASES)(
  '$name',
  async (one) => {
    const { wrong, seen } = await lab.run(one);
    expect(wrong, JSON.stringify(seen)).toEqual([]);
  },
  20_000,
);

test('no two faults have the same name', () => {
  const names = CASES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
