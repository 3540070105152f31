/** Frames come back as they were written, and whatever is cut or changed is never read as something else. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { frame, HEAD, readFrames } from './frames.ts';

const framed = (text: string): Buffer => frame(Buffer.concat([Buffer.alloc(HEAD), Buffer.from(text)]));
const file = (texts: readonly string[]): Buffer => Buffer.concat(texts.map(framed));
const TEXTS = ['one', 'two is longer', 'three'];

test('any texts come back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), (texts) => {
      expect(readFrames(file(texts))).toEqual({ texts, bad: 0, torn: 0 });
    }),
  );
});

test('cut anywhere, the whole frames before the cut come back and the rest is torn', () => {
  const bytes = file(TEXTS);
  const ends = [0, 11, 32, 45];
  for (let cut = 0; cut <= bytes.length; cut++) {
    const whole = ends.filter((end) => end > 0 && end <= cut).length;
    const torn = cut - (ends[whole] ?? 0);
    expect(readFrames(bytes.subarray(0, cut))).toEqual({ texts: TEXTS.slice(0, whole), bad: 0, torn });
  }
});

test('changed anywhere, one frame is lost and the others come back', () => {
  const bytes = file(TEXTS);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    const { texts, bad, torn } = readFrames(changed);
    expect(texts).toHaveLength(2);
    expect(TEXTS.filter((text) => texts.includes(text))).toEqual(texts);
    expect(bad + Math.min(torn, 1)).toBe(1);
  }
});

test('zeros, which a file system may leave at the end, are no rows', () => {
  expect(readFrames(Buffer.concat([file(TEXTS), Buffer.alloc(100)]))).toEqual({ texts: TEXTS, bad: 0, torn: 100 });
});
