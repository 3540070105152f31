/** What is put into bytes is what JSON.stringify makes of it. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { put, putBigInt, putNumber, putScaled, putText, putThousandths } from './put.ts';

function written<T>(write: (value: T, bytes: Buffer, at: number) => number, value: T): string {
  const bytes = Buffer.alloc(4096, '!');
  const end = write(value, bytes, 3);
  expect(bytes[end]).toBe('!'.charCodeAt(0));
  return bytes.toString('utf8', 3, end);
}

test('numbers', () => {
  const numbers = fc.oneof(fc.double(), fc.integer(), fc.maxSafeNat(), fc.integer({ min: 0, max: 20_000 }));
  fc.assert(
    fc.property(numbers, (value) => JSON.parse(written(putNumber, value)) === JSON.parse(JSON.stringify(value))),
  );
  const edges = [0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, Number.MAX_SAFE_INTEGER, -1, NaN, Infinity];
  for (const value of edges) expect(written(putNumber, value)).toBe(JSON.stringify(value));
});

test('thousandths', () => {
  const times = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.integer({ min: -5000, max: 5_000_000 }).map((n) => n / 1000),
  );
  fc.assert(
    fc.property(times, (value) => JSON.parse(written(putThousandths, value)) === JSON.parse(JSON.stringify(value))),
  );
  const some = [0.001, 12.05, 3, 1e21].map((value) => written(putThousandths, value));
  expect(some).toEqual(['0.001', '12.05', '3', '1e+21']);
});

test('whole numbers with a point in them', () => {
  const scaled = (places: number) => (value: number, bytes: Buffer, at: number) => putScaled(value, places, bytes, at);
  const nano = scaled(9);
  fc.assert(fc.property(fc.nat(), (value) => Number(written(nano, value)) === value / 1e9));
  const some = [0, 1, 500_000_000, 1_000_000_000, 12_340_000_000, Number.MAX_SAFE_INTEGER];
  expect(some.map((value) => written(nano, value))).toEqual([
    '0',
    '0.000000001',
    '0.5',
    '1',
    '12.34',
    '9007199.254740991',
  ]);
});

test('integers of any size', () => {
  fc.assert(fc.property(fc.bigInt(), (value) => written(putBigInt, value) === `${value}`));
});

test('texts', () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
  fc.assert(fc.property(texts, (value) => JSON.parse(`"${written(putText, value)}"`) === value));
  expect(written(put, ',null')).toBe(',null');
});
