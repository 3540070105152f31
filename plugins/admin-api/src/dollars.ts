/** Dollars on the wire: JSON numbers or exact decimal strings; nano-dollars in records. */
import { dollarsOf, nanosOf } from '@gatewright/budgets/money';
import { z } from 'zod';

/** The most dollars that a budget may have: what records can hold. */
const MOST = 999_999_999;

/** Dollars that are not less than nothing. */
export const dollars = z
  .union([z.number().min(0).max(MOST), z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be dollars, like "12.50"')])
  .describe('Dollars: a number, or an exact decimal string.');
export type Dollars = z.output<typeof dollars>;

/** Dollars that may be less than nothing: a refund. */
export const signedDollars = z
  .union([
    z.number().min(-MOST).max(MOST),
    z.string().regex(/^-?\d{1,9}(\.\d{1,9})?$/, 'must be dollars, like "-0.25"'),
  ])
  .describe('Dollars, less than nothing for a refund: a number, or an exact decimal string.');

/** Exact dollars, as a decimal string. */
export const exact = z.string().regex(/^-?\d+\.\d{2,9}$/);

/** Nano-dollars of what a schema here has let through. Numbers are taken to the nearest nano-dollar: 0.1 + 0.2 is 0.3. */
export function toNanos(value: Dollars): bigint {
  const text = typeof value === 'number' ? value.toFixed(9) : value;
  const size = nanosOf(text.replace('-', '')) ?? 0n;
  return text.startsWith('-') ? -size : size;
}

/** `1.25`, as near as a double comes. */
export const toNumber = (nanos: bigint): number => Number(toExact(nanos));

/** `"1.25"`, exact. */
export const toExact = (nanos: bigint): string => dollarsOf(nanos).replace('$', '');
