/** Pages of lists. */
import { z } from 'zod';
import { MOST, type Walked } from './walk.ts';

export const pageFields = {
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  size: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('The `next_cursor` of the page before; `page` is not looked at.'),
};

/** Behind which record a list goes on: what the page before said. */
const cursor = z
  .string()
  .min(1)
  .max(512)
  .optional()
  .describe('Goes on behind the list before: the `cursor` in the address of its `link` header.');

/** Of lists that are plain arrays: the header `link` says where they go on. */
export const listFields = {
  cursor,
  size: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST)
    .default(MOST)
    .describe('The most that is answered; where there is more, the header `link` has the address of the rest.'),
};

export const pageInfo = {
  next_cursor: z.string().nullable().describe('What to send as `cursor` for what comes behind; null at the end.'),
  total_count: z.number().nullable().describe('Null where there are too many to count.'),
  current_page: z.number(),
  total_pages: z.number().nullable(),
};

/** Of routes that show something together with its first keys. */
export const keysOfInfo = {
  keys_next_cursor: z
    .string()
    .nullable()
    .describe('Where there are more keys than these: what to send to /key/list as `cursor`, with the same owner.'),
};

interface Info {
  next_cursor: string | null;
  total_count: number | null;
  current_page: number;
  total_pages: number | null;
}

export function pageOf<T extends { readonly id: string }>(
  { records, next }: Pick<Walked<unknown>, 'next'> & { readonly records: readonly T[] },
  { page, size, cursor: from }: { readonly page: number; readonly size: number; readonly cursor?: string | undefined },
): { readonly shown: readonly T[]; readonly info: Info } {
  // Behind a cursor only what is shown has been read.
  if (from !== undefined) {
    const info = { next_cursor: next ?? null, total_count: null, current_page: 1, total_pages: null };
    return { shown: records, info };
  }
  const shown = records.slice((page - 1) * size, page * size);
  const isEnd = next === undefined && page * size >= records.length;
  const complete = next === undefined;
  return {
    shown,
    info: {
      next_cursor: isEnd ? null : (shown.at(-1)?.id ?? next ?? null),
      total_count: complete ? records.length : null,
      current_page: page,
      total_pages: complete ? Math.max(1, Math.ceil(records.length / size)) : null,
    },
  };
}
