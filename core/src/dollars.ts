/** Money as people read it. */

const PLACES = 9;

/** Nano-dollars as `$0.0125`, exact to the last one; at least two decimals. */
export function dollarsOf(nanos: bigint): string {
  const [sign, size] = nanos < 0n ? ['-', -nanos] : ['', nanos];
  const digits = size.toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '').padEnd(2, '0');
  return `${sign}$${digits.slice(0, -PLACES)}.${fraction}`;
}
