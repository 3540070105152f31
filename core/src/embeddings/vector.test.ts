/** Vectors are converted between numbers and base64 as the official SDKs do it, and in no other way. */
import { expect, test } from 'vitest';
import { base64Of, floatsOf, vectorAs } from './vector.ts';

/** 1, -2.5 and 0.1 as 32-bit little-endian floats, written by hand from IEEE 754. */
const BASE64 = Buffer.from('0000803f000020c0cdcccc3d', 'hex').toString('base64');

test('numbers become base64 of 32-bit little-endian floats', () => {
  expect(base64Of([1, -2.5, 0.1])).toBe(BASE64);
});

test('base64 becomes the same numbers, as exact as 32 bits are', () => {
  expect(floatsOf(BASE64)).toEqual([1, -2.5, Math.fround(0.1)]);
});

test('bytes that are no whole floats are refused', () => {
  expect(() => floatsOf(Buffer.from([1, 2, 3]).toString('base64'))).toThrow(/3 bytes/);
  expect(() => floatsOf('')).toThrow(RangeError);
});

test('a vector is given as it came where it came so', () => {
  expect(vectorAs({ float: [1], base64: 'AAA=' }, 'base64')).toBe('AAA=');
  expect(vectorAs({ int8: [1, -2] }, 'int8')).toEqual([1, -2]);
});

test('floats and base64 are made of each other, and quantised values of nothing', () => {
  expect(vectorAs({ float: [1, -2.5, 0.1] }, 'base64')).toBe(BASE64);
  expect(vectorAs({ base64: BASE64 }, 'float')).toEqual([1, -2.5, Math.fround(0.1)]);
  expect(vectorAs({ float: [1] }, 'int8')).toBeUndefined();
  expect(vectorAs({ int8: [1] }, 'float')).toBeUndefined();
});
