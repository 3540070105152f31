/** Lines keep their bytes until they are written, whatever is gathered meanwhile. */
import { expect, test } from 'vitest';
import { GATHER_LENGTH, LineBytes } from './line-bytes.ts';

function add(bytes: LineBytes, text: string): void {
  bytes.begin();
  bytes.utf8(text);
  bytes.end();
}

test('lines that were taken out and not written yet are not written over', () => {
  const bytes = new LineBytes();
  add(bytes, 'first');
  const first = bytes.take();
  add(bytes, 'second');
  const second = bytes.take();
  add(bytes, 'third');
  expect([first, second, bytes.take()].map(String)).toEqual(['first', 'second', 'third']);
});

test('memory is filled again when all that was taken out of it is written', () => {
  const bytes = new LineBytes();
  add(bytes, 'first');
  const first = bytes.take();
  add(bytes, 'second');
  bytes.written();
  const second = bytes.take();
  add(bytes, 'third');
  const third = bytes.take();
  expect([second, third].map(String)).toEqual(['second', 'third']);
  expect(third.buffer).toBe(first.buffer);
});

test('memory that grew for one long line is not kept', () => {
  const bytes = new LineBytes();
  const long = 'x'.repeat(4 * GATHER_LENGTH);
  add(bytes, long);
  const first = bytes.take();
  expect(first.toString()).toBe(long);
  bytes.written();
  add(bytes, 'second');
  bytes.take();
  add(bytes, 'third');
  expect(bytes.take().buffer).not.toBe(first.buffer);
});
