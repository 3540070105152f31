/** Writes JSON into bytes that have room enough: each function answers where it ended, so that a line is a chain of them. */

import { codeAt } from './code-at.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;

/** Numbers below this are written digit by digit with whole numbers of 32 bits. */
const SHORT = 1_000_000_000;

/** ASCII as it is. Character by character, which for so few takes less than a native call. */
export function put(text: string, bytes: Buffer, at: number): number {
  const { length } = text;
  for (let place = 0; place < length; place++) bytes[at + place] = codeAt(text, place);
  return at + length;
}

/** What JSON makes of a text, without the quotes: at most six bytes for each character. */
export function putText(text: string, bytes: Buffer, at: number): number {
  const { length } = text;
  for (let place = 0; place < length; place++) {
    const code = codeAt(text, place);
    if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
      return at + bytes.write(JSON.stringify(text).slice(1, -1), at);
    }
    bytes[at + place] = code;
  }
  return at + length;
}

/** JSON has no word for what is not finite: `null`. */
export function putNumber(value: number, bytes: Buffer, at: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return putWhole(value, bytes, at);
  return put(Number.isFinite(value) ? `${value}` : 'null', bytes, at);
}

/** A number with at most three places is written by hand: for all digits of a double the engine takes ten times as long. */
export function putThousandths(value: number, bytes: Buffer, at: number): number {
  const thousandths = Math.round(value * 1000);
  const asItIs = value < 0 || thousandths / 1000 !== value || !Number.isSafeInteger(thousandths);
  if (asItIs) return putNumber(value, bytes, at);
  return putScaled(thousandths, 3, bytes, at);
}

/** A whole number that is 0 or more, with its point so many places before its end, up to nine; without zeros behind the point. */
export function putScaled(value: number, places: number, bytes: Buffer, start: number): number {
  const scale = 10 ** places;
  const whole = Math.floor(value / scale);
  const at = putWhole(whole, bytes, start);
  let fraction = value - whole * scale;
  if (fraction === 0) return at;
  let count = places;
  for (; fraction % 10 === 0; count--) fraction /= 10;
  return putDigits(fraction, count, bytes, put('.', bytes, at));
}

/** All digits of an integer. */
export function putBigInt(value: bigint, bytes: Buffer, at: number): number {
  const short = Number(value);
  return Number.isSafeInteger(short) && short >= 0 ? putWhole(short, bytes, at) : put(`${value}`, bytes, at);
}

function putWhole(value: number, bytes: Buffer, at: number): number {
  if (value >= SHORT) {
    const high = Math.floor(value / SHORT);
    return putDigits(value - high * SHORT, 9, bytes, putWhole(high, bytes, at));
  }
  if (value >= 10) return putDigits(value, placesOf(value), bytes, at);
  bytes[at] = ZERO + value;
  return at + 1;
}

function putDigits(value: number, places: number, bytes: Buffer, start: number): number {
  let left = value | 0;
  for (let at = start + places - 1; at >= start; at--) {
    const tens = (left / 10) | 0;
    bytes[at] = ZERO + left - 10 * tens;
    left = tens;
  }
  return start + places;
}

/** Of two places at least. */
function placesOf(value: number): number {
  let places = 2;
  for (let next = 100; next <= value; next *= 10) places++;
  return places;
}
