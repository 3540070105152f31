/** Memory is lent to one call at a time, and used again. */
import { expect, test } from 'vitest';
import { SharedMemory } from './shared-memory.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

test('what is lent is a copy, in memory that threads can share', async () => {
  const given = bytes(10, 7);
  const answer = await new SharedMemory().lend(given, async (copy) => {
    given.fill(0);
    expect([copy.buffer instanceof SharedArrayBuffer, [...copy]]).toEqual([true, Array.from({ length: 10 }, () => 7)]);
    return 'done';
  });
  expect(answer).toBe('done');
});

test('two calls at a time have memory of their own; a later one has that of one before', async () => {
  const memory = new SharedMemory();
  const seen: ArrayBufferLike[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const use = (value: number) => async (copy: Uint8Array) => {
    seen.push(copy.buffer);
    await promise;
    expect(copy.every((byte) => byte === value)).toBe(true);
  };
  const both = [memory.lend(bytes(100, 1), use(1)), memory.lend(bytes(100, 2), use(2))];
  resolve();
  await Promise.all(both);
  expect(new Set(seen).size).toBe(2);
  await memory.lend(bytes(90, 3), use(3));
  expect(seen.slice(0, 2)).toContain(seen[2]);
  await memory.lend(bytes(100_000, 4), use(4));
  expect(seen.slice(0, 3)).not.toContain(seen[3]);
});

test('a call that fails gives its memory back', async () => {
  const memory = new SharedMemory();
  const seen: ArrayBufferLike[] = [];
  for (let time = 0; time < 3; time++) {
    const failing = memory.lend(bytes(10, 1), (copy) => {
      seen.push(copy.buffer);
      return Promise.reject(new Error('The disk is full.'));
    });
    await expect(failing).rejects.toThrow('The disk is full.');
  }
  expect(new Set(seen).size).toBe(1);
});
