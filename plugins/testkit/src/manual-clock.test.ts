/** The clock that tests move: it stands still, and fires what is due in its order. */
import { expect, test } from 'vitest';
import { ManualClock } from './manual-clock.ts';

test('it stands still until it is moved, and both of its times move together', () => {
  const clock = new ManualClock(1000);
  expect([clock.now(), clock.monotonic()]).toEqual([1000, 0]);
  clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1250, 250]);
});

test('timers fire in the order of their times, also those that a timer sets, each at its own time', () => {
  const clock = new ManualClock();
  const fired: [string, number][] = [];
  const note = (name: string) => () => void fired.push([name, clock.monotonic()]);
  clock.after(20, note('b'));
  clock.after(10, () => {
    note('a')();
    clock.after(5, note('a+'));
    clock.after(500, note('late'));
  });
  clock.advance(100);
  expect(fired).toEqual([
    ['a', 10],
    ['a+', 15],
    ['b', 20],
  ]);
  expect([clock.waiting, clock.monotonic()]).toEqual([1, 100]);
});

test('a timer that was cancelled does not fire', () => {
  const clock = new ManualClock();
  const cancel = clock.after(10, () => {
    throw new Error('It was cancelled.');
  });
  cancel();
  clock.advance(20);
  expect(clock.waiting).toBe(0);
});

test('it steps from timer to timer, until there is none', () => {
  const clock = new ManualClock();
  clock.after(30, () => undefined);
  expect([clock.step(), clock.monotonic(), clock.step(), clock.monotonic()]).toEqual([true, 30, false, 30]);
});
