/** What a gateway counts of its targets, and what it forgets. */
import { expect, test } from 'vitest';
import { ManualClock } from '../manual-clock.test.kit.ts';
import { Strain } from './strain.ts';
import { Traffic } from './traffic.ts';

const GUEST = { tenant: 'a', onAbort: () => () => undefined };
const LIMITS = { concurrency: 1, queue: 0, wait: 1000 };

test('names of targets that clients made up are forgotten; what is busy, and what was counted, is not', async () => {
  const traffic = new Traffic(new ManualClock());
  const leave = await traffic.call('p/busy', GUEST, LIMITS);
  expect(() => traffic.call('p/busy', GUEST, LIMITS)).toThrow('The target p/busy has too much to do');
  for (let count = 0; count < 25_000; count++) {
    const name = `p/${count}`;
    (await traffic.call(name, GUEST, LIMITS))();
    if (count === 0) expect(() => traffic.call(name, GUEST, { ...LIMITS, concurrency: 0 })).toThrow('too much');
    traffic.retries(name).tried();
  }
  expect(traffic.load).toMatchObject({ targets: [{ target: 'p/busy', running: 1 }], shedByTargets: 2 });
  leave();
  expect(traffic.load.targets).toEqual([]);
});

test('memory over its limit sends requests away, and the watch ends when there is nothing to do', () => {
  const clock = new ManualClock();
  let size = 100;
  const traffic = new Traffic(clock, new Strain(clock, () => size));
  const limits = { queue: 0, wait: 1000, memory: 200 };
  traffic.exchanges = 1;
  void traffic.enter(GUEST, limits);
  size = 300;
  clock.advance(100);
  expect(() => traffic.enter(GUEST, limits)).toThrow('has too little memory left');
  traffic.exchanges = 0;
  clock.advance(100);
  expect(clock.waiting).toBe(0);
  size = 100;
  expect(traffic.enter(GUEST, limits)).toBeTypeOf('function');
});
