/** A stream that says nothing ends in its time; one that speaks, or whose client takes nothing, does not. */
import { expect, test } from 'vitest';
import { Abort } from '../../abort.ts';
import { ManualClock } from '../../manual-clock.test.kit.ts';
import type { Timeouts } from '../../route.ts';
import type { LiveAttempt } from './live-attempt.ts';
import { limitDuration } from './time-limits.ts';

interface Flight {
  begun: boolean;
  told: number | undefined;
}

interface Rig {
  readonly clock: ManualClock;
  readonly flight: Flight;
  /** What the attempt was ended with. */
  ended(): string | undefined;
  readonly cancel: () => void;
}

function begin(timeouts: Partial<Timeouts>, headers: Record<string, string> = {}): Rig {
  const clock = new ManualClock();
  const flight: Flight = { begun: false, told: 0 };
  const abort = new Abort();
  const times = { connect: 1, headers: 1, idle: 1, total: 10_000, ...timeouts };
  const exchange = { kernel: { clock }, headers, timings: { start: clock.monotonic() } };
  const target = { id: 'p/m', timeouts: times };
  const attempt = { exchange, target, timeouts: times, stream: true, begun: false, flight, abort };
  const cancel = limitDuration(attempt as unknown as LiveAttempt);
  return { clock, flight, ended: () => abort.reason?.message, cancel };
}

/** Lets time pass in small steps, and calls back at each. */
function pass(clock: ManualClock, milliseconds: number, each: () => void = () => undefined): void {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    clock.advance(100);
    each();
  }
}

test('an answer that does not begin', () => {
  const { clock, ended } = begin({ firstToken: 500, content: 300 });
  pass(clock, 400);
  expect(ended()).toBeUndefined();
  pass(clock, 100);
  expect(ended()).toBe('p/m did not begin its answer within 500 ms.');
});

test('an answer that has begun, and then only keeps its connection open', () => {
  const { clock, flight, ended } = begin({ firstToken: 500, content: 2000 });
  pass(clock, 400);
  Object.assign(flight, { begun: true, told: 3 });
  pass(clock, 2000);
  expect(ended()).toBeUndefined();
  // It is looked at four times in that time.
  pass(clock, 500);
  expect(ended()).toBe('p/m did not say anything for 2000 ms, and only kept its connection open.');
});

test('an answer that speaks now and then goes on to the end of its time', () => {
  const { clock, flight, ended } = begin({ firstToken: 500, content: 1000 });
  flight.begun = true;
  let count = 0;
  const speak = (): void => {
    if (++count % 9 === 0) flight.told = count;
  };
  pass(clock, 9900, speak);
  expect(ended()).toBeUndefined();
  pass(clock, 100, speak);
  expect(ended()).toBe('p/m did not finish within 10000 ms.');
});

test('a client that takes nothing keeps its provider waiting, and nobody ends that but the whole time', () => {
  const { clock, flight, ended } = begin({ content: 500 });
  Object.assign(flight, { begun: true, told: undefined });
  pass(clock, 5000);
  expect(ended()).toBeUndefined();
  flight.told = 7;
  pass(clock, 800);
  expect(ended()).toMatch(/say anything/);
});

test.each([{ content: 20_000 }, {}])('with %j only the first content and all of the time count', (timeouts) => {
  const { clock, flight, ended } = begin({ firstToken: 500, ...timeouts });
  flight.begun = true;
  pass(clock, 9900);
  expect(ended()).toBeUndefined();
  pass(clock, 100);
  expect(ended()).toMatch(/finish within/);
});

test('an answer that is over is not looked at again', () => {
  const { clock, ended, cancel } = begin({ firstToken: 500, content: 1000 });
  clock.advance(100);
  cancel();
  pass(clock, 20_000);
  expect(ended()).toBeUndefined();
});
