import { expect, test } from 'vitest';
import { BusyPoll } from './busy-poll.ts';
import { ManualClock } from './manual-clock.test.kit.ts';

/** A clock that counts how often it is asked: once in each turn that is polled, and once for each touch. */
class CountingClock extends ManualClock {
  asked = 0;

  override monotonic(): number {
    this.asked++;
    return super.monotonic();
  }
}

/** How often the clock is asked in ten turns. */
async function askedIn(clock: CountingClock): Promise<number> {
  const before = clock.asked;
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  return clock.asked - before;
}

/** Expects an answer that does not come in time. */
async function fail(poll: BusyPoll, clock: CountingClock): Promise<void> {
  poll.touch();
  clock.advance(5);
  await askedIn(clock);
}

test('every turn is polled until the answer is there, and none after it', async () => {
  const clock = new CountingClock();
  let isExpected = true;
  const poll = new BusyPoll(clock, 5, () => isExpected, 2);
  expect(await askedIn(clock)).toBe(0);
  for (let count = 0; count < 100; count++) poll.touch();
  clock.asked = 0;
  expect(await askedIn(clock)).toBeGreaterThan(5);
  expect(clock.asked).toBeLessThan(13);
  isExpected = false;
  await askedIn(clock);
  expect(await askedIn(clock)).toBe(0);
});

test('whose answers do not come in time is waited for asleep, longer each time', async () => {
  const clock = new CountingClock();
  let isExpected = true;
  const poll = new BusyPoll(clock, 5, () => isExpected, 2);
  const asleep = async (most: number): Promise<number> => {
    for (let calls = 0; calls <= most; calls++) {
      const before = clock.asked;
      poll.touch();
      if (clock.asked > before) return calls;
    }
    return Infinity;
  };
  await fail(poll, clock);
  expect(await askedIn(clock)).toBe(0);
  expect(await asleep(16)).toBe(16);
  clock.advance(5);
  await askedIn(clock);
  expect(await asleep(32)).toBe(32);
  // One that comes in time, and all is as in the beginning.
  isExpected = false;
  await askedIn(clock);
  isExpected = true;
  await fail(poll, clock);
  expect(await asleep(16)).toBe(16);
  clock.advance(5);
});

test('on a single core nothing is polled', async () => {
  const clock = new CountingClock();
  new BusyPoll(clock, 5, () => true, 1).touch();
  expect(await askedIn(clock)).toBe(0);
});
