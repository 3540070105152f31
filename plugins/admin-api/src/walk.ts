/** Reads records page by page, up to so many. */
import type { RecordPage, RecordQuery, StoredRecord } from '@gatewright/core';

const PAGE = 1000;

/** The most records that one answer is made from. */
export const MOST = 20_000;

export async function walk<T>(
  find: (query: RecordQuery) => Promise<RecordPage<T>>,
  where: Readonly<Record<string, string>> = {},
): Promise<{ readonly records: readonly StoredRecord<T>[]; readonly all: boolean }> {
  const found: StoredRecord<T>[] = [];
  let after: string | undefined;
  do {
    const page = await find({ where, limit: PAGE, ...(after === undefined ? {} : { after }) });
    found.push(...page.records);
    after = page.next;
  } while (after !== undefined && found.length < MOST);
  return { records: found, all: after === undefined };
}
