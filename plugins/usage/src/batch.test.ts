/** A batch has the lines of all its rows, tells each source of its own, and is as good as new when it is emptied. */
import { expect, test } from 'vitest';
import { Batch } from './batch.ts';

const told: [string, number][] = [];
const source = (name: string) => ({ stored: (rows: number) => void told.push([name, rows]) });

test('lines stand one behind the other, whatever becomes of where they were copied from', () => {
  const batch = new Batch();
  const memory = Buffer.from('first\nsecond');
  batch.add(memory, 2, source('a'));
  memory.write('third', 0);
  batch.add(memory.subarray(0, 5), 1, source('a'));
  expect([Buffer.from(batch.lines).toString(), batch.rows]).toEqual(['first\nsecond\nthird', 3]);
});

test('each source is told of its rows when the batch is emptied, and what comes next is alone in it', () => {
  const batch = new Batch();
  const [a, b] = [source('a'), source('b')];
  for (const one of [a, a, b, a]) batch.add(Buffer.from('row'), 1, one);
  batch.empty();
  expect(told).toEqual([
    ['a', 2],
    ['b', 1],
    ['a', 1],
  ]);
  expect([batch.lines.length, batch.rows]).toEqual([0, 0]);
  batch.add(Buffer.from('next'), 1, b);
  expect([Buffer.from(batch.lines).toString(), batch.rows]).toEqual(['next', 1]);
});

test('it grows with what is added, and keeps what it had', () => {
  const batch = new Batch();
  const lines = Array.from({ length: 40 }, (_, at) => String(at).repeat(5000));
  for (const line of lines) batch.add(Buffer.from(line), 1, source('a'));
  expect(Buffer.from(batch.lines).toString()).toBe(lines.join('\n'));
});
