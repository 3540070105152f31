/** Decimal figures as exact integers of a smaller unit. */

const DECIMAL = /^(\d{1,12})(?:\.(\d{1,30}))?$/;

/**
 * Decimal places of a price in USD per million tokens that is whole in pico-dollars per token:
 * 1e12 pico-dollars in a dollar, over 1e6 tokens.
 */
export const TOKEN_PRICE_PLACES = 6;

/** Decimal places of a price in USD per thousand requests that is whole in pico-dollars per request. */
export const REQUEST_PRICE_PLACES = 9;

/** Decimal places of a price in USD for one thing that is whole in pico-dollars. */
export const PRICE_PLACES = 12;

/** `text` times 10 to the power of `places`, exactly; undefined where it is no plain decimal, or has more places than that. */
export function scaled(text: string, places: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, whole = '', rest = ''] = match;
  const fraction = rest.replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  return BigInt(whole + fraction.padEnd(places, '0'));
}

/**
 * A catalogue's figure, which is a JavaScript number, times 10 to the power of `places`. Its shortest decimal form is what
 * the catalogue's authors wrote; where binary arithmetic has left a tail (0.18000000000000002), twelve significant digits
 * remove it. What is still no whole number (a twelfth of a dollar) is rounded up.
 */
export function scaledNumber(figure: number, places: number): bigint {
  if (!Number.isFinite(figure) || figure < 0 || figure >= 1e12) throw new RangeError(`${figure} is not a price.`);
  const exact = scaled(String(figure), places);
  if (exact !== undefined) return exact;
  const [digits = '', exponent = '0'] = figure.toExponential(11).split('e');
  const shift = Number(exponent) - 11 + places;
  const integer = BigInt(digits.replace('.', ''));
  if (shift >= 0) return integer * 10n ** BigInt(shift);
  return ceilDivide(integer, 10n ** BigInt(-shift));
}

/** An integer over 10 to the power of `places`, as a plain decimal: the inverse of {@link scaled}. */
export function unscaled(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -places) : `${digits.slice(0, -places)}.${fraction}`;
}

/** The quotient of two integers that are not negative, rounded up. */
export function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
