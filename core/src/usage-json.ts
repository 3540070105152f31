/** Usage rows as JSON text: what journals and stores keep. Money and counts are integers beyond a double's, so they are strings. */
import type { Posting } from './state.ts';
import type { UsageRow } from './store.ts';

/** One line of JSON. */
export function usageRowToJson(row: UsageRow): string {
  const { nanos, postings, ...rest } = row;
  return JSON.stringify({
    ...rest,
    ...(nanos === undefined ? {} : { nanos: nanos.toString() }),
    postings: postings.map(postingToJson),
  });
}

type JsonPosting = Omit<Posting, 'held' | 'actual'> & { readonly held: string; readonly actual: string };
type JsonRow = Omit<UsageRow, 'nanos' | 'postings'> & {
  readonly nanos?: string;
  readonly postings: readonly JsonPosting[];
};

/** Reads what {@link usageRowToJson} wrote. Throws a SyntaxError or TypeError where it is not that. */
export function usageRowFromJson(text: string): UsageRow {
  const { nanos, postings, ...rest } = JSON.parse(text) as JsonRow;
  return {
    ...rest,
    ...(nanos === undefined ? {} : { nanos: BigInt(nanos) }),
    postings: postings.map(postingFromJson),
  };
}

function postingToJson({ held, actual, ...rest }: Posting): JsonPosting {
  return { ...rest, held: held.toString(), actual: actual.toString() };
}

function postingFromJson({ held, actual, ...rest }: JsonPosting): Posting {
  return { ...rest, held: BigInt(held), actual: BigInt(actual) };
}
