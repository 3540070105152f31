/** Tests of runs one after the other. */
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('who asks while it runs shares the next run, and no two run at once', async () => {
  let runs = 0;
  let atOnce = 0;
  const turns = new Turns(async () => {
    expect(++atOnce).toBe(1);
    const run = ++runs;
    await new Promise((resolve) => setImmediate(resolve));
    atOnce--;
    return run;
  });
  const first = turns.take();
  const others = [turns.take(), turns.take(), turns.take()];
  expect(await first).toBe(1);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  expect(await turns.take()).toBe(3);
});

test('a run that fails fails for those who share it, and the next one runs', async () => {
  let runs = 0;
  const turns = new Turns(() => (++runs < 3 ? Promise.reject(new Error(`run ${runs}`)) : Promise.resolve('done')));
  const first = turns.take();
  const second = turns.take();
  await expect(first).rejects.toThrow('run 1');
  await expect(second).rejects.toThrow('run 2');
  expect(await turns.take()).toBe('done');
});
