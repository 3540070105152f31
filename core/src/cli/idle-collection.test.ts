/** Tests of when the garbage of a busy time is collected. */
import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../manual-clock.test.kit.ts';
import { IdleCollection, LOOK, LOOKS, WORTH } from './idle-collection.ts';

let clock = new ManualClock();
let active = 0;
let taken = 0;
let collected = 0;
/** What a collection leaves. */
let left = 0;

beforeEach(() => {
  clock = new ManualClock();
  [active, taken, collected, left] = [0, 20e6, 0, 20e6];
});

function collection(): IdleCollection {
  return new IdleCollection({
    clock,
    active: () => active,
    heap: () => ({ taken, used: 20e6 }),
    collect() {
      collected++;
      taken = left;
    },
  });
}

test('what a busy time left is collected once, when nothing has been under way for a minute', () => {
  collection();
  [active, taken] = [64, 60e6];
  clock.advance(5 * LOOK);
  expect(collected).toBe(0);
  active = 0;
  clock.advance(58_000);
  expect(collected).toBe(0);
  clock.advance(LOOK);
  expect(collected).toBe(1);
  clock.advance(100 * LOOK);
  expect(collected).toBe(1);
});

test('one look that finds something under way begins the rest anew', () => {
  collection();
  taken = 60e6;
  clock.advance((LOOKS - 1) * LOOK);
  active = 1;
  clock.advance(LOOK);
  active = 0;
  clock.advance((LOOKS - 1) * LOOK);
  expect(collected).toBe(0);
  clock.advance(LOOK);
  expect(collected).toBe(1);
});

test('little more than what is needed is not worth a pause', () => {
  collection();
  taken += WORTH - 1;
  clock.advance(2 * LOOKS * LOOK);
  expect(collected).toBe(0);
  taken = 60e6;
  left = 50e6;
  clock.advance(2 * LOOKS * LOOK);
  expect(collected).toBe(1);
  taken = 50e6 + WORTH;
  clock.advance(LOOK);
  expect(collected).toBe(2);
});

test('nothing is collected any more when it is stopped', () => {
  const stopped = collection();
  taken = 60e6;
  stopped.stop();
  clock.advance(2 * LOOKS * LOOK);
  expect(collected).toBe(0);
  expect(clock.waiting).toBe(0);
});

test('a collection leaves nothing that nobody holds', async () => {
  const weak = new WeakRef({ large: Array.from({ length: 1e5 }) });
  const own = new IdleCollection({ clock, active: () => active, heap: () => ({ taken: WORTH, used: 0 }) });
  // A reference that was just made holds until the turn ends.
  await new Promise<void>((resolve) => setImmediate(resolve));
  clock.advance(LOOKS * LOOK);
  own.stop();
  expect(weak.deref()).toBeUndefined();
});
