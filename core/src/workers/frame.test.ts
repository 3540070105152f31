/** What is written in a frame is read from it, whatever its size and in whatever pieces it comes. */
import { expect, test } from 'vitest';
import { FrameReader, FrameWriter } from './frame.ts';

const AMOUNTS = [0n, -1n, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n), 1n - 2n ** 63n, 2n ** 64n, 12n ** 40n];

function fill(frame: FrameWriter): void {
  for (const amount of [...AMOUNTS, undefined, 5n]) frame.amount(amount);
  for (const word of ['', '2026-11', '', '2026-11']) frame.word(word);
  frame.optional(undefined);
  frame.optional(1.5);
  frame.text('of ASCII only');
  frame.text('a text with ünïcödé and 猫');
  frame.text('');
  frame.other({ of: 'another kind' });
  frame.number(-7);
}

function check(frame: FrameReader): void {
  expect([...AMOUNTS, undefined, 5n].map(() => frame.amount())).toEqual([...AMOUNTS, undefined, 5n]);
  expect(['', '', '', ''].map(() => frame.word())).toEqual(['', '2026-11', '', '2026-11']);
  expect([frame.optional(), frame.optional()]).toEqual([undefined, 1.5]);
  expect([frame.text(), frame.text(), frame.text()]).toEqual(['of ASCII only', 'a text with ünïcödé and 猫', '']);
  expect([frame.other(), frame.done, frame.number()]).toEqual([{ of: 'another kind' }, false, -7]);
}

const written = (write: (frame: FrameWriter) => void, frame = new FrameWriter()): Uint8Array => {
  write(frame);
  return frame.bytes;
};

test('numbers, amounts, words and texts come as they were', () => {
  const reader = new FrameReader();
  reader.add(written(fill));
  expect(reader.next()).toBe(true);
  check(reader);
  expect([reader.done, reader.next()]).toEqual([true, false]);
});

test('frames come one after the other, in pieces of any size', () => {
  const writer = new FrameWriter();
  const frames: Uint8Array[] = [];
  for (const repeated of [1, 0, 40, 2]) {
    frames.push(Uint8Array.from(written((frame) => Array.from({ length: repeated }, () => fill(frame)), writer)));
    writer.clear();
  }
  const bytes = Buffer.concat(frames);
  for (const size of [1, 7, 8, 61, 1000, 4096, bytes.length]) {
    const reader = new FrameReader();
    const counts: number[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      reader.add(bytes.subarray(at, at + size));
      while (reader.next()) counts.push(readAll(reader));
    }
    expect(counts).toEqual([1, 0, 40, 2]);
  }
});

function readAll(frame: FrameReader): number {
  let count = 0;
  while (!frame.done) {
    // Its words were sent with the first of them.
    check(frame);
    count++;
  }
  return count;
}

test('what is larger than a frame at first, and the small one behind it', () => {
  const writer = new FrameWriter();
  const long = 'ü'.repeat(100_000);
  const reader = new FrameReader();
  reader.add(written((frame) => frame.text(long), writer));
  writer.clear();
  expect([reader.next(), reader.text(), reader.done]).toEqual([true, long, true]);
  reader.add(written((frame) => frame.other(Buffer.alloc(50_000, 7)), writer));
  expect([reader.next(), (reader.other() as Buffer).length, reader.done]).toEqual([true, 50_000, true]);
  writer.clear();
  reader.add(written((frame) => frame.number(3), writer));
  expect([reader.next(), reader.number(), reader.done]).toEqual([true, 3, true]);
});
