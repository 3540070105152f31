/** The checksum behind a run is that of all the bytes, whatever stands before it. */
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FixedRun } from './fixed-run.ts';

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));

test('as if every byte had been taken', () => {
  fc.assert(
    fc.property(bytes, fc.array(bytes, { minLength: 1, maxLength: 4 }), (run, befores) => {
      const fixed = new FixedRun(run);
      for (const before of befores) expect(fixed.checksum(crc32(before))).toBe(crc32(Buffer.concat([before, run])));
    }),
  );
});

test('it stands where each of its bytes does, and nothing else between', () => {
  const fixed = new FixedRun(Buffer.from('abc'));
  const others = Buffer.from('xabcx');
  expect([fixed.stands(others, 1, 4), fixed.stands(others, 0, 3), fixed.stands(others, 1, 5)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(fixed.stands(Buffer.from('ab'), 0, 3)).toBe(false);
});
