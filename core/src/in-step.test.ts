/** Requests in step: who meets whom, in which order, and what each keeps of its own. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turnOver } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { endOfStep, endOfTurn } from './in-step.ts';

async function walk(name: string, path: string[]): Promise<void> {
  path.push(`${name} reads`);
  await endOfTurn();
  path.push(`${name} asks`);
  await endOfStep();
  path.push(`${name} sends`);
}

test('all who come in one turn take each step together, in the order in which they came', async () => {
  const path: string[] = [];
  await Promise.all(['a', 'b', 'c'].map((name) => walk(name, path)));
  const steps = ['reads', 'asks', 'sends'];
  expect(path).toEqual(steps.flatMap((step) => ['a', 'b', 'c'].map((name) => `${name} ${step}`)));
});

test('who comes in a later turn waits for the end of that one', async () => {
  const path: string[] = [];
  const first = walk('a', path);
  await turnOver();
  expect(path).toEqual(['a reads', 'a asks', 'a sends']);
  const second = walk('b', path);
  expect(path.at(-1)).toBe('b reads');
  await Promise.all([first, second]);
  expect(path.at(-1)).toBe('b sends');
});

test('a step is not over before all have come as far as they can, however many waits that takes', async () => {
  const path: string[] = [];
  const slow = async (): Promise<void> => {
    for (let wait = 0; wait < 20; wait++) await Promise.resolve();
    path.push('slow is there');
    await endOfStep();
    path.push('slow goes on');
  };
  const quick = async (): Promise<void> => {
    await endOfStep();
    path.push('quick goes on');
  };
  await Promise.all([quick(), slow()]);
  expect(path).toEqual(['slow is there', 'quick goes on', 'slow goes on']);
});

test('everyone keeps its own context', async () => {
  const context = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const visit = async (): Promise<void> => {
    await endOfTurn();
    seen.push(context.getStore());
    await endOfStep();
    seen.push(context.getStore());
  };
  await Promise.all(['a', 'b'].map((name) => context.run(name, visit)));
  expect(seen).toEqual(['a', 'b', 'a', 'b']);
});

test('a test that holds the timers of the process does not hold requests up', async () => {
  vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout'] });
  try {
    const path: string[] = [];
    await walk('a', path);
    expect(path).toEqual(['a reads', 'a asks', 'a sends']);
  } finally {
    vi.useRealTimers();
  }
});
