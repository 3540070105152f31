/** Pages of lists. */
import { z } from 'zod';

export const pageFields = {
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  size: z.coerce.number().int().min(1).max(100).default(50),
};

export const pageInfo = {
  total_count: z.number().nullable().describe('Null where there are too many to count.'),
  current_page: z.number(),
  total_pages: z.number().nullable(),
};

interface Info {
  total_count: number | null;
  current_page: number;
  total_pages: number | null;
}

export function pageOf<T>(
  all: readonly T[],
  { page, size }: { readonly page: number; readonly size: number },
  complete: boolean,
): { readonly shown: readonly T[]; readonly info: Info } {
  return {
    shown: all.slice((page - 1) * size, page * size),
    info: {
      total_count: complete ? all.length : null,
      current_page: page,
      total_pages: complete ? Math.max(1, Math.ceil(all.length / size)) : null,
    },
  };
}
