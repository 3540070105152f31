/** Reads records page by page, in the order of their ids, up to so many. */
import type { RecordPage, RecordQuery, StoredRecord } from '@gatewright/core';

const PAGE = 1000;

/** The most records that are read for one answer. */
export const MOST = 20_000;

export interface WalkOptions<T> {
  readonly where?: Readonly<Record<string, string>>;
  /** The id behind which to begin. */
  readonly after?: string | undefined;
  /** The most records to answer with. */
  readonly most?: number | undefined;
  /** Which records to answer with. Default: all. */
  readonly keep?: (record: StoredRecord<T>) => boolean | Promise<boolean>;
}

/** What was found, and, where there may be more, the id behind which to go on. */
export interface Walked<T> {
  readonly records: readonly StoredRecord<T>[];
  readonly next: string | undefined;
}

export async function walk<T>(
  find: (query: RecordQuery) => Promise<RecordPage<T>>,
  { where = {}, after, most = MOST, keep = () => true }: WalkOptions<T> = {},
): Promise<Walked<T>> {
  const found: StoredRecord<T>[] = [];
  let from = after;
  for (let read = 0; read < MOST;) {
    const limit = Math.min(PAGE, most - found.length);
    const page = await find({ where, limit, ...(from === undefined ? {} : { after: from }) });
    for (const record of page.records) if (await keep(record)) found.push(record);
    from = page.next;
    if (from === undefined || found.length >= most) break;
    read += page.records.length;
  }
  return { records: found, next: from };
}
