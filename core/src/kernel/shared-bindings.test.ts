/** What one process made is found by another, and what nobody made by none. */
import { expect, test } from 'vitest';
import { MemoryBindings, type Binding } from '../bindings.ts';
import type { Board, Notice } from '../board.ts';
import type { Clock } from '../clock.ts';
import { silentLogger } from '../logger.ts';
import { SharedBindings } from './shared-bindings.ts';

const BINDING: Binding = { provider: 'p', target: 'p/m', model: 'm', operation: 'chat' };

/** A board that tells in a later turn, as one between processes does. */
class Wall implements Board {
  readonly posted: string[] = [];
  broken = false;
  readonly #listeners = new Map<string, Set<(notice: Notice) => void>>();

  async post(topic: string, key: string, value: string, ttl: number): Promise<void> {
    await Promise.resolve();
    if (this.broken) throw new Error('Nobody can see it.');
    this.posted.push(`${topic} ${value}`);
    for (const listener of this.#listeners.get(topic) ?? []) listener({ key, value, left: ttl });
  }

  follow(topic: string, listener: (notice: Notice) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}

/** Processes that share a board, and a way to let the time of those who wait run out. */
function processes(count: number): { wall: Wall; all: SharedBindings[]; giveUp: () => void } {
  const wall = new Wall();
  const timers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after: (_delay, task) => {
      timers.add(task);
      return () => timers.delete(task);
    },
  };
  const all = Array.from(
    { length: count },
    () => new SharedBindings(new MemoryBindings(), wall, clock, () => silentLogger),
  );
  return { wall, all, giveUp: () => timers.forEach((task) => task()) };
}

test('what another process made is asked for once, by all who wait, and then known', async () => {
  const { wall, all } = processes(3);
  const [one, two] = all as [SharedBindings, SharedBindings];
  one.bind('team:a', 'x_1', BINDING);
  expect(await Promise.all([two.find('team:a', 'x_1'), two.find('team:a', 'x_1')])).toEqual([BINDING, BINDING]);
  expect(wall.posted.filter((line) => line.startsWith('binding-asked'))).toHaveLength(1);
  expect(two.find('team:a', 'x_1')).toEqual(BINDING);
  expect(one.find('team:a', 'x_1')).toEqual(BINDING);
});

test('what is another tenant’s is not told', async () => {
  const { wall, all, giveUp } = processes(2);
  const [one, two] = all as [SharedBindings, SharedBindings];
  one.bind('team:a', 'x_1', BINDING);
  const found = two.find('team:b', 'x_1');
  await new Promise(setImmediate);
  giveUp();
  expect(await found).toBeUndefined();
  expect(wall.posted.filter((line) => line.startsWith('binding-told'))).toEqual([]);
});

test('a board that nobody can see, and a process that ends, leave nobody waiting', async () => {
  const { wall, all } = processes(1);
  const [one] = all as [SharedBindings];
  const closed = one.find('team:a', 'x_1');
  one.close();
  expect(await closed).toBeUndefined();
  wall.broken = true;
  expect(await one.find('team:a', 'x_2')).toBeUndefined();
});
