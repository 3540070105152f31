/** Who is under way is looked at in time, and not when it is over. */
import { expect, test } from 'vitest';
import { ManualClock } from './manual-clock.test.kit.ts';
import { Rounds, type UnderWay } from './rounds.ts';

class Call implements UnderWay {
  place = -1;
  readonly looks: number[] = [];
  readonly #then: (() => void) | undefined;

  constructor(then?: () => void) {
    this.#then = then;
  }

  look(now: number): void {
    this.looks.push(now);
    this.#then?.();
  }
}

test('one timer serves all, and none is left a round after the last is gone', () => {
  const clock = new ManualClock();
  const rounds = new Rounds(clock);
  const calls = Array.from({ length: 5 }, () => new Call());
  for (const call of calls) rounds.add(call, 60_000);
  expect(clock.waiting).toBe(1);
  clock.advance(500);
  expect(calls.map(({ looks }) => looks)).toEqual(calls.map(() => [250, 500]));
  for (const call of calls) rounds.remove(call);
  clock.advance(250);
  expect(clock.waiting).toBe(0);
  expect(calls[0]?.looks).toEqual([250, 500]);
});

test('in whatever order they leave, those who stay are looked at', () => {
  const clock = new ManualClock();
  const rounds = new Rounds(clock);
  const calls = Array.from({ length: 6 }, () => new Call());
  for (const call of calls) rounds.add(call, 60_000);
  for (const index of [0, 5, 2]) rounds.remove(calls[index] as Call);
  // Once more does nothing.
  rounds.remove(calls[0] as Call);
  clock.advance(250);
  expect(calls.map(({ looks }) => looks.length)).toEqual([0, 1, 0, 1, 1, 0]);
});

test('who leaves while it is looked at takes nobody else along', () => {
  const clock = new ManualClock();
  const rounds = new Rounds(clock);
  const calls = Array.from({ length: 4 }, () => new Call(() => undefined));
  const leaver = new Call(() => rounds.remove(leaver));
  const all = [...calls.slice(0, 2), leaver, ...calls.slice(2)];
  for (const call of all) rounds.add(call, 60_000);
  clock.advance(500);
  expect(leaver.looks).toEqual([250]);
  expect(calls.map(({ looks }) => looks)).toEqual(calls.map(() => [250, 500]));
});

test('who has little patience is looked at four times in it, until it is over', () => {
  const clock = new ManualClock();
  const rounds = new Rounds(clock);
  const call = new Call();
  rounds.add(call, 100);
  clock.advance(100);
  expect(call.looks).toEqual([25, 50, 75, 100]);
  rounds.remove(call);
  clock.advance(1000);
  expect([call.looks.length, clock.waiting]).toEqual([4, 0]);
});
