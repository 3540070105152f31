/** Options and hooks that will be gone: since when, until when, and what to use instead. */
import type { z } from 'zod';

export interface Deprecation {
  /** The version in which it was said: `1.4.0`. */
  readonly since: string;
  /** The day from which on it may be missing: `2027-06-30`. */
  readonly removed: string;
  /** What to use, in a few words: `"keys"`. */
  readonly instead: string;
}

/** For the `meta` of an option: `z.string().optional().meta(deprecated({…})).describe('…')`. Throws a TypeError where the day is none. */
export function deprecated(deprecation: Deprecation): { deprecated: true; deprecation: Deprecation } {
  if (!/^\d{4}-\d\d-\d\d$/.test(deprecation.removed) || Number.isNaN(Date.parse(deprecation.removed))) {
    throw new TypeError(`"${deprecation.removed}" is no day: write it as 2027-06-30.`);
  }
  return { deprecated: true, deprecation };
}

/** What a schema's own meta data says. */
export function deprecationOf(schema: z.ZodType): Deprecation | undefined {
  return schema.meta()?.['deprecation'] as Deprecation | undefined;
}

/** `is deprecated since 1.4.0 and will be gone on 2027-06-30`. */
export function deprecationText({ since, removed }: Deprecation): string {
  return `is deprecated since ${since} and will be gone on ${removed}`;
}
