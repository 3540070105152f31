/** Usage rows as JSON text: what journals and stores keep. Money and counts are integers beyond a double's, so they are strings. */
import type { Posting } from './state.ts';
import type { UsageRow } from './store.ts';

/** A row never changes, and is written more than once: into the journal, and for the store. */
const written = new WeakMap<UsageRow, string>();

/** One line of JSON. */
export function usageRowToJson(row: UsageRow): string {
  const known = written.get(row);
  if (known !== undefined) return known;
  const { nanos, postings } = row;
  const head = JSON.stringify({ ...row, nanos: nanos?.toString(), postings: undefined });
  const text = `${head.slice(0, -1)},"postings":[${postings.map(postingToJson).join(',')}]}`;
  written.set(row, text);
  return text;
}

type JsonPosting = Omit<Posting, 'held' | 'actual'> & { readonly held: string; readonly actual: string };
type JsonRow = Omit<UsageRow, 'nanos' | 'postings'> & {
  readonly nanos?: string;
  readonly postings: readonly JsonPosting[];
};

/** Reads what {@link usageRowToJson} wrote. Throws a SyntaxError or TypeError where it is not that. */
export function usageRowFromJson(text: string): UsageRow {
  const row = JSON.parse(text) as JsonRow;
  const postings = row.postings.map(postingFromJson);
  return { ...row, postings, ...(row.nanos === undefined ? {} : { nanos: BigInt(row.nanos) }) } as UsageRow;
}

/** By hand: a request has half a dozen of them, and nearly none of their texts has anything to escape. */
function postingToJson({ scope, unit, window, name, period, kind, held, actual }: Posting): string {
  const where = `"scope":${quoted(scope)},"unit":${quoted(unit)},"window":"${window}","name":${quoted(name)}`;
  return `{${where},"period":${quoted(period)},"kind":"${kind}","held":"${held}","actual":"${actual}"}`;
}

const PLAIN = /^[\w:.@/+ -]*$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

function postingFromJson(posting: JsonPosting): Posting {
  return { ...posting, held: BigInt(posting.held), actual: BigInt(posting.actual) };
}
