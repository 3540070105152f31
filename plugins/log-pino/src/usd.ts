/** Money for people: nano-dollars as a decimal string of US dollars. */

/** Decimal places of a dollar in nano-dollars. */
const PLACES = 9;

/** Exact, without trailing zeros: `7750000n` is `0.00775`. */
export function usd(nanos: bigint): string {
  if (nanos < 0n) return `-${usd(-nanos)}`;
  const digits = nanos.toString().padStart(PLACES + 1, '0');
  const point = digits.length - PLACES;
  let end = digits.length;
  while (end > point && digits[end - 1] === '0') end--;
  const whole = digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}
