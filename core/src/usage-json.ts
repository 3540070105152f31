/** Reads usage rows from the JSON that journals and stores keep. Money and counts are integers beyond a double's, so they are strings. */
import type { Posting } from './state.ts';
import type { UsageRow } from './store.ts';
import type { Usage, UsageUnits } from './usage.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
/** What is left out is `null` in the text. */
type Maybe<T> = T | null | undefined;

/**
 * A row's fields in their order; one that is added goes to the end. Names would be half of the text, and a list without
 * objects is what is written and read fastest.
 */
type Fields = readonly [
  id: string,
  type: UsageRow['type'],
  exchange: string,
  time: number,
  operation: string,
  surface: Maybe<string>,
  model: string,
  provider: string,
  upstreamModel: string,
  key: string,
  user: Maybe<string>,
  team: Maybe<string>,
  organisation: Maybe<string>,
  endUser: Maybe<string>,
  tags: Maybe<readonly string[]>,
  result: string,
  status: number,
  stream: boolean,
  usageComplete: boolean,
  usage: Maybe<Counts>,
  nanos: Maybe<string>,
  price: Maybe<string>,
  duration: number,
  timeToFirstToken: Maybe<number>,
  upstreamId: Maybe<string>,
  late: Maybe<boolean>,
  error: Maybe<readonly [code: string, message: string]>,
  /** Six for each posting; eight where its amounts are among them, as they were once. */
  postings: readonly string[],
  kept?: Maybe<true>,
  /** What each posting held, and what it was really used: integers, and a space between each two. */
  amounts?: Maybe<string>,
];

type Counts = readonly [...Ten<number>, units: Maybe<UsageUnits>];
type Ten<T> = readonly [T, T, T, T, T, T, T, T, T, T];

/** Reads what `usageRowToJson` wrote, now or when rows were objects. Throws a SyntaxError or TypeError where it is not that. */
export function usageRowFromJson(text: string): UsageRow {
  const read = JSON.parse(text) as Fields | ObjectRow;
  return 'postings' in read ? rowOfObject(read) : rowOf(read);
}

/** By places, not by a pattern, which asks an iterator for each: half the time. */
function rowOf(fields: Fields): UsageRow {
  const row: Writable<UsageRow> = {
    id: fields[0],
    type: fields[1],
    exchange: fields[2],
    time: fields[3],
    operation: fields[4],
    model: fields[6],
    provider: fields[7],
    upstreamModel: fields[8],
    key: fields[9],
    result: fields[15],
    status: fields[16],
    stream: fields[17],
    usageComplete: fields[18],
    duration: fields[22],
    postings: postingsOf(fields[27], fields[29]),
  };
  if (present(fields[5])) row.surface = fields[5];
  if (present(fields[10])) row.user = fields[10];
  if (present(fields[11])) row.team = fields[11];
  if (present(fields[12])) row.organisation = fields[12];
  if (present(fields[13])) row.endUser = fields[13];
  if (present(fields[14])) row.tags = fields[14];
  if (present(fields[19])) row.usage = usageOf(fields[19]);
  if (present(fields[20])) row.nanos = BigInt(fields[20]);
  if (present(fields[21])) row.price = fields[21];
  if (present(fields[23])) row.timeToFirstToken = fields[23];
  if (present(fields[24])) row.upstreamId = fields[24];
  if (present(fields[25])) row.late = fields[25];
  if (present(fields[26])) row.error = { code: fields[26][0], message: fields[26][1] };
  if (present(fields[28])) row.kept = fields[28];
  return row;
}

const present = <T>(value: Maybe<T>): value is T => value !== null && value !== undefined;

function usageOf(counts: Counts): Usage {
  const usage: Usage = {
    input: counts[0],
    cacheRead: counts[1],
    cacheWrite5m: counts[2],
    cacheWrite1h: counts[3],
    output: counts[4],
    reasoning: counts[5],
    audioInput: counts[6],
    audioOutput: counts[7],
    imageInput: counts[8],
    imageOutput: counts[9],
  };
  return present(counts[10]) ? { ...usage, units: counts[10] } : usage;
}

/** `amounts`: what each held and used; undefined where that stands behind each, as it once did. */
function postingsOf(fields: readonly string[], amounts: Maybe<string>): Posting[] {
  const apart = present(amounts) ? amounts.split(' ') : undefined;
  const size = apart === undefined ? 8 : 6;
  const postings: Posting[] = [];
  const text = (place: number): string => fields[place] as string;
  for (let at = 0, pair = 0; at < fields.length; at += size, pair += 2) {
    postings.push({
      scope: text(at),
      unit: text(at + 1),
      window: text(at + 2) as Posting['window'],
      name: text(at + 3),
      period: text(at + 4),
      kind: text(at + 5) as Posting['kind'],
      held: BigInt(apart === undefined ? text(at + 6) : (apart[pair] as string)),
      actual: BigInt(apart === undefined ? text(at + 7) : (apart[pair + 1] as string)),
    });
  }
  return postings;
}

type ObjectPosting = Omit<Posting, 'held' | 'actual'> & { readonly held: string; readonly actual: string };
type ObjectRow = Omit<UsageRow, 'nanos' | 'postings'> & {
  readonly nanos?: string;
  readonly postings: readonly ObjectPosting[];
};

function rowOfObject({ nanos, postings, ...row }: ObjectRow): UsageRow {
  const read = postings.map((one) => ({ ...one, held: BigInt(one.held), actual: BigInt(one.actual) }));
  return { ...row, postings: read, ...(nanos === undefined ? {} : { nanos: BigInt(nanos) }) };
}
