/** Durations and sizes, as numbers or as people write them. */
import { z } from 'zod';

// Timers of Node fire at once when asked to wait longer than this.
const LONGEST = 2 ** 31 - 1;

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION_FORM = 'must be a duration: milliseconds, or a text such as 500ms, 30s, 2m or 1h, at most 24d';

const SIZE = /^(\d+(?:\.\d+)?)(b|kb|mb|gb|kib|mib|gib)$/i;
const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};
const SIZE_FORM = 'must be a size: bytes, or a text such as 500kb, 32mb or 16kib';

function measure(form: RegExp, units: Readonly<Record<string, number>>, most: number, error: string) {
  return z.union([z.number(), z.string().regex(form, { error })], { error }).transform((value, context) => {
    let amount = value;
    if (typeof amount === 'string') {
      const [, digits, unit = ''] = form.exec(amount) ?? [];
      amount = Math.round(Number(digits) * (units[unit.toLowerCase()] ?? Number.NaN));
    }
    if (Number.isInteger(amount) && amount >= 1 && amount <= most) return amount;
    context.issues.push({ code: 'custom', message: error, input: value });
    return z.NEVER;
  });
}

/** A duration in milliseconds: a whole number of them, or a text with `ms`, `s`, `m`, `h` or `d`. At most 2³¹ − 1 ms. */
export const duration = () => measure(DURATION, DURATION_UNITS, LONGEST, DURATION_FORM);

/** A size in bytes: a whole number of them, or a text with `b`, `kb`, `mb`, `gb` (powers of 1000), `kib`, `mib` or `gib` (of 1024). */
export const size = () => measure(SIZE, SIZE_UNITS, Number.MAX_SAFE_INTEGER, SIZE_FORM);
