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
