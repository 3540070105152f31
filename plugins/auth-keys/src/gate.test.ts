/** So many reads at once, so many that wait, and none for longer than it may. */
import { expect, test } from 'vitest';
import { Hands } from './clock.test.kit.ts';
import { Gate } from './gate.ts';

const UNAVAILABLE = { code: 'GW_STORE_UNAVAILABLE', status: 503 };

test('reads wait their turn, in their order', async () => {
  const gate = new Gate(new Hands(), 2, 10, 1000);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const read = (n: number): Promise<number> =>
    gate.run(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => ends.push(resolve));
      return n;
    });
  const all = [read(1), read(2), read(3), read(4)];
  await Promise.resolve();
  expect(begun).toEqual([1, 2]);
  ends[1]?.();
  expect(await all[1]).toBe(2);
  expect(begun).toEqual([1, 2, 3]);
  ends[0]?.();
  await all[0];
  for (const end of ends) end();
  await new Promise((resolve) => setImmediate(resolve));
  for (const end of ends) end();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
});

test('a read that hangs is given up, and keeps its place until it ends', async () => {
  const clock = new Hands();
  const gate = new Gate(clock, 1, 1, 1000);
  let end: (() => void) | undefined;
  const hung = gate.run(() => new Promise<void>((resolve) => (end = resolve)));
  const waiting = gate.run(() => Promise.resolve('read'));
  const settled = Promise.allSettled([hung, waiting]);
  await clock.move(1000);
  expect(await settled).toMatchObject([{ reason: UNAVAILABLE }, { reason: UNAVAILABLE }]);
  await expect(gate.run(() => Promise.resolve(1))).rejects.toMatchObject(UNAVAILABLE);
  end?.();
  await clock.move(0);
  expect(await gate.run(() => Promise.resolve('read'))).toBe('read');
});

test('whatever a store fails with, it is the store that is not available, and what it said is kept as the cause', async () => {
  const gate = new Gate(new Hands(), 1, 1, 1000);
  const cause = new Error('too many clients already');
  await expect(gate.run(() => Promise.reject(cause))).rejects.toMatchObject({ ...UNAVAILABLE, cause });
  expect(await gate.run(() => Promise.resolve('read'))).toBe('read');
});
