/** The checksum is zlib's, at every length. */
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { checksum } from './checksum.ts';

test('the value that every CRC-32 has for 123456789', () => {
  expect(checksum(Buffer.from('123456789'), 0, 9)).toBe(0xcb_f4_39_26);
});

test('parts of a buffer, short and long', () => {
  const bytes = Buffer.from(Array.from({ length: 700 }, (_zero, index) => (index * 37 + (index >> 3)) & 0xff));
  for (let end = 0; end <= bytes.length; end += 7) {
    for (const start of [0, 1, 300]) {
      if (start <= end) expect(checksum(bytes, start, end)).toBe(crc32(bytes.subarray(start, end)));
    }
  }
});

test('bytes behind others', () => {
  const bytes = Buffer.from(Array.from({ length: 900 }, (_zero, index) => (index * 53 + (index >> 2)) & 0xff));
  for (const [middle, end] of [
    [0, 5],
    [9, 100],
    [100, 900],
  ] as const) {
    expect(checksum(bytes, middle, end, checksum(bytes, 0, middle))).toBe(crc32(bytes.subarray(0, end)));
  }
});
