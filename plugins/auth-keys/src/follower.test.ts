/** What is remembered holds for as long as the log says so, and an older record is never written back. */
import { silentLogger, type Change, type Store } from '@gatewright/core';
import { beforeEach, expect, test } from 'vitest';
import { Hands } from './clock.test.kit.ts';
import { Follower } from './follower.ts';
import { Resolutions } from './resolutions.ts';

/** A store that is nothing but its log. */
class Log {
  changes: Change[] = [];
  reads = 0;
  down = false;
  hangs = false;
  listeners: (() => void)[] = [];

  add(kind: string, id: string): void {
    const sequence = (this.changes.at(-1)?.sequence ?? 0) + 1;
    this.changes.push({ sequence, kind, id, version: 1 });
  }

  store(): Store {
    return {
      changes: (after: number, limit = 1000) => this.#read(after, limit),
      onChange: (listener: () => void) => {
        this.listeners.push(listener);
        return () => this.listeners.splice(this.listeners.indexOf(listener), 1);
      },
    } as Partial<Store> as Store;
  }

  #read(after: number, limit: number): Promise<{ changes: Change[]; last: number }> {
    this.reads++;
    if (this.down) return Promise.reject(new Error('connection refused'));
    if (this.hangs) return new Promise(() => undefined);
    const last = this.changes.at(-1)?.sequence ?? 0;
    const changes = this.changes.filter(({ sequence }) => sequence > after).slice(0, limit);
    return Promise.resolve({ changes, last });
  }
}

let clock: Hands;
let log: Log;
let follower: Follower;
beforeEach(async () => {
  clock = new Hands();
  log = new Log();
  log.add('team', 'before');
  follower = new Follower(log.store(), clock, silentLogger, 2000);
  await follower.start();
});

const MEMORY = { capacity: 100, ttl: 60_000 };

/** Remembers the values of a record that the test holds, by reads that end when the test says so. */
function remembering(): { names: Resolutions<{ n: number }>; value: { n: number }; pending: (() => void)[] } {
  const value = { n: 1 };
  const pending: (() => void)[] = [];
  const names = new Resolutions<{ n: number }>(follower, clock, MEMORY, MEMORY, async (name, parts) => {
    parts.add(name);
    const read = { ...value };
    await new Promise<void>((resolve) => pending.push(resolve));
    return read;
  });
  return { names, value, pending };
}

async function settled<T>(promise: Promise<T>, pending: (() => void)[]): Promise<T> {
  let over = false;
  const done = promise.finally(() => (over = true));
  while (!over) {
    for (const resolve of pending.splice(0)) resolve();
    await clock.move(0);
  }
  return done;
}

test('looks at the log every half second, and at once when it is told of a change', async () => {
  const before = log.reads;
  await clock.move(2000);
  expect(log.reads - before).toBe(4);
  log.listeners[0]?.();
  await clock.move(0);
  expect(log.reads - before).toBe(5);
  follower.stop();
  await clock.move(5000);
  expect([log.reads - before, log.listeners.length]).toEqual([5, 0]);
});

test('a change that nobody tells of is known within a second', async () => {
  const { names, value, pending } = remembering();
  await settled(names.load('team a'), pending);
  expect(names.peek('team a', clock.now())).toEqual({ n: 1 });
  log.add('team', 'a');
  value.n = 2;
  await clock.move(999);
  expect(names.peek('team a', clock.now())).toBeUndefined();
  expect(await settled(names.load('team a'), pending)).toEqual({ n: 2 });
});

test('a change of another record leaves what is remembered alone', async () => {
  const { names, pending } = remembering();
  await settled(names.load('team a'), pending);
  log.add('team', 'b');
  log.add('user', 'a');
  await clock.move(500);
  expect(names.peek('team a', clock.now())).toEqual({ n: 1 });
});

test('a read that was under way while its record changed is not remembered, but made again', async () => {
  const { names, value, pending } = remembering();
  const load = names.load('team a');
  value.n = 2;
  log.add('team', 'a');
  await follower.sync();
  expect(await settled(load, pending)).toEqual({ n: 2 });
  expect(names.peek('team a', clock.now())).toEqual({ n: 2 });
});

test('who asks while a read is under way is given the same', async () => {
  const { names, pending } = remembering();
  const loads = [names.load('team a'), names.load('team a')];
  expect(pending).toHaveLength(1);
  const [one, other] = await Promise.all(loads.map((load) => settled(load, pending)));
  expect(one).toBe(other);
});

test('thousands of changes are taken in at once, and those before the start not at all', async () => {
  for (let n = 0; n < 3500; n++) log.add('team', `t${n}`);
  const { names, pending } = remembering();
  await settled(names.load('team t3400'), pending);
  await follower.sync();
  expect(names.peek('team t3400', clock.now())).toBeUndefined();
});

test('more changes than can be remembered one by one make everything be read again', async () => {
  const { names, pending } = remembering();
  await settled(names.load('team a'), pending);
  for (let n = 0; n < 50_001; n++) log.changes.push({ sequence: 2 + n, kind: 'team', id: `t${n}`, version: 1 });
  await follower.sync();
  expect(names.peek('team a', clock.now())).toBeUndefined();
  await settled(names.load('team a'), pending);
  expect(names.peek('team a', clock.now())).toEqual({ n: 1 });
});

test('a store that was put back to an older state makes everything be read again', async () => {
  log.add('team', 'x');
  await follower.sync();
  const { names, pending } = remembering();
  await settled(names.load('team a'), pending);
  log.changes = [];
  await follower.sync();
  expect(names.peek('team a', clock.now())).toBeUndefined();
  log.add('team', 'b');
  await settled(names.load('team b'), pending);
  await follower.sync();
  expect(names.peek('team b', clock.now())).toBeUndefined();
});

test('knows how long it has not been told of changes, also where the store hangs', async () => {
  expect(follower.isCurrent(clock.now())).toBe(true);
  log.hangs = true;
  await clock.move(1001);
  expect([follower.isCurrent(clock.now()), follower.failing]).toEqual([false, false]);
  await clock.move(2000);
  expect(follower.failing).toBe(true);
  log.hangs = false;
  await clock.move(3000);
  expect([follower.isCurrent(clock.now()), follower.failing]).toEqual([true, false]);
});

test('an outage is said to be one, and is over when the log can be read again', async () => {
  log.down = true;
  await expect(follower.sync()).rejects.toMatchObject({ code: 'GW_STORE_UNAVAILABLE', status: 503 });
  expect(follower.failing).toBe(true);
  log.down = false;
  await follower.sync();
  expect(follower.failing).toBe(false);
});

test('a wish to be told of all changes up to now is not met by a look that began before', async () => {
  const early = follower.sync();
  log.add('team', 'a');
  const { names, pending } = remembering();
  const load = names.load('team a');
  const reads = log.reads;
  await follower.sync();
  expect(log.reads).toBe(reads + 1);
  await early;
  await settled(load, pending);
});

test('names of nothing are remembered apart and for another time', async () => {
  let reads = 0;
  const names = new Resolutions<object>(follower, clock, MEMORY, { capacity: 4, ttl: 1000 }, (name, parts) => {
    reads++;
    parts.add(`key ${name}`);
    return Promise.resolve(name.startsWith('good') ? {} : null);
  });
  await names.load('good');
  for (let n = 0; n < 1000; n++) await names.load(`bad${n}`);
  expect(names.peek('good', clock.now())).toEqual({});
  expect([names.peek('bad999', clock.now()), names.peek('bad0', clock.now())]).toEqual([null, undefined]);
  log.add('key', 'bad999');
  await follower.sync();
  expect(names.peek('bad999', clock.now())).toBeUndefined();
  await names.load('bad999');
  await clock.move(1001);
  expect(names.peek('bad999', clock.now())).toBeUndefined();
  expect(reads).toBe(1002);
});
