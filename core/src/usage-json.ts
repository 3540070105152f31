/** Usage rows as JSON text: what journals and stores keep. Money and counts are integers beyond a double's, so they are strings. */
import type { Posting } from './state.ts';
import type { UsageRow } from './store.ts';
import type { Usage, UsageUnits } from './usage.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
/** What is left out is `null` in the text. */
type Maybe<T> = T | null | undefined;

/**
 * A row's fields in their order; one that is added goes to the end. Names would be half of the text, and a list without
 * objects is what `JSON.stringify` writes fastest: 3 µs, where the row as an object took 7.
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
  /** Eight for each posting. */
  postings: readonly string[],
  kept?: Maybe<true>,
];

type Counts = readonly [...Ten<number>, units: Maybe<UsageUnits>];
type Ten<T> = readonly [T, T, T, T, T, T, T, T, T, T];

/** One line. */
export function usageRowToJson(row: UsageRow): string {
  const { usage, nanos, error } = row;
  const fields: Fields = [
    row.id,
    row.type,
    row.exchange,
    row.time,
    row.operation,
    row.surface,
    row.model,
    row.provider,
    row.upstreamModel,
    row.key,
    row.user,
    row.team,
    row.organisation,
    row.endUser,
    row.tags,
    row.result,
    row.status,
    row.stream,
    row.usageComplete,
    usage === undefined ? null : countsOf(usage),
    nanos === undefined ? null : `${nanos}`,
    row.price,
    row.duration,
    row.timeToFirstToken,
    row.upstreamId,
    row.late,
    error === undefined ? null : [error.code, error.message],
    fieldsOf(row.postings),
    row.kept,
  ];
  return JSON.stringify(fields);
}

/** Reads what {@link usageRowToJson} wrote, now or when rows were objects. Throws a SyntaxError or TypeError where it is not that. */
export function usageRowFromJson(text: string): UsageRow {
  const read = JSON.parse(text) as Fields | ObjectRow;
  return 'postings' in read ? rowOfObject(read) : rowOf(read);
}

function rowOf(fields: Fields): UsageRow {
  const [id, type, exchange, time, operation, surface, model, provider, upstreamModel, key, ...more] = fields;
  const [user, team, organisation, endUser, tags, result, status, stream, usageComplete, usage, ...last] = more;
  const [nanos, price, duration, timeToFirstToken, upstreamId, late, error, postings, kept] = last;
  const head = { id, type, exchange, time, operation, model, provider, upstreamModel, key };
  const row: Writable<UsageRow> = {
    ...head,
    result,
    status,
    stream,
    usageComplete,
    duration,
    postings: postingsOf(postings),
  };
  if (present(surface)) row.surface = surface;
  if (present(user)) row.user = user;
  if (present(team)) row.team = team;
  if (present(organisation)) row.organisation = organisation;
  if (present(endUser)) row.endUser = endUser;
  if (present(tags)) row.tags = tags;
  if (present(usage)) row.usage = usageOf(usage);
  if (present(nanos)) row.nanos = BigInt(nanos);
  if (present(price)) row.price = price;
  if (present(timeToFirstToken)) row.timeToFirstToken = timeToFirstToken;
  if (present(upstreamId)) row.upstreamId = upstreamId;
  if (present(late)) row.late = late;
  if (present(error)) row.error = { code: error[0], message: error[1] };
  if (present(kept)) row.kept = kept;
  return row;
}

const present = <T>(value: Maybe<T>): value is T => value !== null && value !== undefined;

function countsOf(usage: Omit<Usage, 'raw'>): Counts {
  return [
    usage.input,
    usage.cacheRead,
    usage.cacheWrite5m,
    usage.cacheWrite1h,
    usage.output,
    usage.reasoning,
    usage.audioInput,
    usage.audioOutput,
    usage.imageInput,
    usage.imageOutput,
    usage.units,
  ];
}

function usageOf(counts: Counts): Usage {
  const [input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning, ...others] = counts;
  const [audioInput, audioOutput, imageInput, imageOutput, units] = others;
  const inputs = { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning };
  const usage: Usage = { ...inputs, audioInput, audioOutput, imageInput, imageOutput };
  return present(units) ? { ...usage, units } : usage;
}

function fieldsOf(postings: readonly Posting[]): string[] {
  const fields: string[] = [];
  for (const { scope, unit, window, name, period, kind, held, actual } of postings)
    fields.push(scope, unit, window, name, period, kind, `${held}`, `${actual}`);
  return fields;
}

function postingsOf(fields: readonly string[]): Posting[] {
  const postings: Posting[] = [];
  for (let at = 0; at < fields.length; at += 8) {
    const [scope, unit, window, name, period, kind, held, actual] = fields.slice(
      at,
      at + 8,
    ) as unknown as PostingFields;
    postings.push({ scope, unit, window, name, period, kind, held: BigInt(held), actual: BigInt(actual) });
  }
  return postings;
}

type PostingFields = readonly [string, string, Posting['window'], string, string, Posting['kind'], string, string];

type ObjectPosting = Omit<Posting, 'held' | 'actual'> & { readonly held: string; readonly actual: string };
type ObjectRow = Omit<UsageRow, 'nanos' | 'postings'> & {
  readonly nanos?: string;
  readonly postings: readonly ObjectPosting[];
};

function rowOfObject({ nanos, postings, ...row }: ObjectRow): UsageRow {
  const read = postings.map((one) => ({ ...one, held: BigInt(one.held), actual: BigInt(one.actual) }));
  return { ...row, postings: read, ...(nanos === undefined ? {} : { nanos: BigInt(nanos) }) };
}
