/** Turns go round the sources, and the one with most makes room. */
import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

function queueOf(...items: readonly string[]): FairQueue<string> {
  const queue = new FairQueue<string>();
  for (const item of items) queue.push(item.charAt(0), item);
  return queue;
}

const rest = (queue: FairQueue<string>): string[] => Array.from({ length: queue.size }, () => queue.shift() ?? '');

test('each source has its turn, in its own order', () => {
  expect(rest(queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'b2'))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  expect(queueOf().shift()).toBeUndefined();
});

test('the source with most makes room for one with fewer, never for itself or one with as many', () => {
  const queue = queueOf('a1', 'a2', 'a3', 'b1');
  expect(queue.displace('a')).toBeUndefined();
  expect([queue.displace('c'), queue.size]).toEqual(['a3', 3]);
  expect(queue.displace('b')).toBeUndefined();
  expect(queue.displace('c')).toBe('a2');
  expect(queue.displace('c')).toBeUndefined();
  expect(rest(queue)).toEqual(['a1', 'b1']);
});
