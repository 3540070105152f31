/** Dollars as people write them, and nano-dollars as they are counted. */
export { dollarsOf } from '@gatewright/core';

const PLACES = 9;

/** The nano-dollars of `12`, `0.5` or `1e-3` written as a decimal; undefined where it is none or finer than a nano-dollar. */
export function nanosOf(dollars: string | number): bigint | undefined {
  const text = typeof dollars === 'number' ? plain(dollars) : dollars;
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : BigInt(whole + fraction.padEnd(PLACES, '0'));
}

/** Without an exponent: `1e-7` is 0.0000001. */
function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(PLACES).replace(/\.?0+$/, '') : text;
}
