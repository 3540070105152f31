/** Durations and sizes. */
import { expect, test } from 'vitest';
import { duration, size } from './measure.ts';

test.each([
  [250, 250],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['24d', 2_073_600_000],
])('%s is %i ms', (written, milliseconds) => {
  expect(duration().parse(written)).toBe(milliseconds);
});

// Longer than 24.8 days would make a timer of Node fire at once.
test.each([
  '',
  '30',
  '30 s',
  's',
  '-1s',
  '0s',
  0,
  -5,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '25d',
  2 ** 31,
  '1S',
  true,
  null,
])('%s is no duration', (written) => {
  expect(duration().safeParse(written).error?.issues[0]?.message).toMatch(/^must be a duration: milliseconds, or/);
});

test.each([
  [1024, 1024],
  ['100b', 100],
  ['500kb', 500_000],
  ['32mb', 32_000_000],
  ['32MB', 32_000_000],
  ['1.5gb', 1_500_000_000],
  ['16kib', 16_384],
  ['32MiB', 33_554_432],
  ['1gib', 1_073_741_824],
])('%s is %i bytes', (written, bytes) => {
  expect(size().parse(written)).toBe(bytes);
});

test.each(['', '32', '32m', 'mb', '0b', -1, 0.5, '9999999999gb', null])('%s is no size', (written) => {
  expect(size().safeParse(written).error?.issues[0]?.message).toMatch(/^must be a size: bytes, or/);
});
