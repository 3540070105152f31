/** Hashes: spread evenly, and independent of what they are mixed with. */
import { expect, test } from 'vitest';
import { hashBytes, hashText, unitOf } from './hash.ts';
import { bound, chiSquare } from './rig.test.kit.ts';

test('FNV-1a is what its authors say it is', () => {
  // Test vectors of the draft, section 6.
  expect([hashText(''), hashText('a'), hashText('foobar')].map((hash) => hash >>> 0)).toEqual([
    0x811c9dc5, 0xe40c292c, 0xbf9cf968,
  ]);
});

test.each([
  ['numbers in a row', (number: number) => hashText(String(number))],
  ['texts that begin alike', (number: number) => hashText(`session-of-somebody-${number}`)],
  [
    'bytes that begin alike',
    (number: number) => hashBytes(Buffer.from(`{"role":"user","n":${10_000 + number}}`), 0, 24),
  ],
])('units of %s are spread evenly', (_what, hash) => {
  const counts = Array.from({ length: 20 }, () => 0);
  for (let number = 0; number < 10_000; number++) {
    const unit = unitOf(hash(number), 12_345);
    expect(unit > 0 && unit <= 1).toBe(true);
    const place = Math.min(19, Math.floor(unit * 20));
    counts[place] = (counts[place] as number) + 1;
  }
  expect(
    chiSquare(
      counts,
      counts.map(() => 500),
    ),
  ).toBeLessThan(bound(20));
});

test('the same against two others are independent', () => {
  let both = 0;
  for (let number = 0; number < 10_000; number++) {
    const hash = hashText(String(number));
    if (unitOf(hash, hashText('p/1')) < 0.5 && unitOf(hash, hashText('p/2')) < 0.5) both++;
  }
  expect(both).toBeGreaterThan(2300);
  expect(both).toBeLessThan(2700);
});

test('bytes count each in its place, also those of a last piece that is short', () => {
  const bytes = Buffer.from('abcdefg');
  const all = hashBytes(bytes, 0, 7);
  for (let at = 0; at < 7; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = 0x7a;
    expect(hashBytes(changed, 0, 7)).not.toBe(all);
  }
  expect(hashBytes(Buffer.from('xabcdefgx'), 1, 8)).toBe(all);
});
