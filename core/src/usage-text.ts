/** Writes usage rows as the JSON that journals and stores keep: as bytes, with what the rows of one caller have in common ready. */
import { put, putBigInt, putNumber, putText, putThousandths } from './json/put.ts';
import type { Posting } from './state.ts';
import type { UsageRow } from './store.ts';

/** How many callers' parts are kept ready, and of one key those that ask the same upstream model, by other names or as others. */
const MOST = 20_000;
const ALIKE = 16;

/** Bytes that are set aside at once, and those that a row takes besides texts, parts that are ready, and postings. */
const SIZE = 65_536;
const ROOM = 1024;
/** Of each posting: two integers of up to 20 digits. More are more than anything costs; they are made room for as well. */
const POSTING = 64;

const NEWLINE = 0x0a;

/** Who asked whom, as bytes; with what its last row had of what seldom changes. */
interface Caller {
  readonly row: UsageRow;
  readonly bytes: Uint8Array;
  price: string | undefined;
  priceBytes: Uint8Array;
  postings: readonly Posting[];
  counters: Uint8Array;
}

/**
 * Rows as lines of bytes, one behind the other. A line is a list of the fields in the order that `usageRowFromJson` knows. A tab
 * stands before what tells who asked whom, before what was used, before the counters, and before the amounts: rows of one
 * caller have the first and the third in common, and whoever reads many of them reads those once.
 */
export class UsageLines {
  readonly #room: number;
  #bytes = Buffer.allocUnsafeSlow(SIZE);
  #at: number;

  /** `room`: bytes that are left free before the lines that are taken out together. */
  constructor(room = 0) {
    this.#room = room;
    this.#at = room;
  }

  /** Adds the line of a row. */
  add(row: UsageRow): void {
    const caller = callerOf(row);
    const { price, postings } = row;
    if (price !== caller.price) notePrice(caller, price);
    if (!isSame(postings, caller.postings)) noteCounters(caller, postings);
    const rare = isUsual(row) ? undefined : rareOf(row);
    this.#reserve(sizeOf(row, caller, rare));
    const bytes = this.#bytes;
    let at = this.#at;
    if (at > this.#room) bytes[at++] = NEWLINE;
    at = putHead(row, bytes, at);
    at = putReady(caller.bytes, bytes, at);
    at = putUsed(row, caller.priceBytes, rare, bytes, at);
    at = putReady(caller.counters, bytes, at);
    at = put(row.kept === true ? '\t,true,"' : '\t,null,"', bytes, at);
    at = putAmounts(postings, bytes, at);
    this.#at = put('"]', bytes, at);
  }

  /** Takes the lines out, behind the room that is left free. They are there until the next row is added. */
  take(): Buffer {
    const lines = this.#bytes.subarray(0, this.#at);
    this.#at = this.#room;
    // What grew for a long row is not kept for short ones.
    if (this.#bytes.length > SIZE) this.#bytes = Buffer.allocUnsafeSlow(SIZE);
    return lines;
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

let single: UsageLines | undefined;

/** One line. */
export function usageRowToJson(row: UsageRow): string {
  single ??= new UsageLines();
  single.add(row);
  return single.take().toString();
}

/** Rows as lines: what stores take. */
export function usageLinesOf(rows: readonly UsageRow[]): Uint8Array {
  single ??= new UsageLines();
  for (const row of rows) single.add(row);
  // What is sent to another thread takes all of the memory along that it is in.
  return new Uint8Array(single.take());
}

/** The rows of lines, each as JSON. */
export function usageRowsIn({ buffer, byteOffset, length }: Uint8Array): string[] {
  return length === 0 ? [] : Buffer.from(buffer, byteOffset, length).toString().split('\n');
}

/** The parts of a row's text: each is JSON, behind a comma but for the head. Without `who` and `counters` it is a list too. */
export interface UsageText {
  readonly head: string;
  readonly who: string;
  readonly used: string;
  readonly counters: string;
  readonly amounts: string;
}

/** A row's text in its parts; undefined where an earlier version wrote it. */
export function usageTextOf(text: string): UsageText | undefined {
  const who = text.indexOf('\t');
  const used = text.indexOf('\t', who + 1);
  const counters = text.indexOf('\t', used + 1);
  const amounts = text.indexOf('\t', counters + 1);
  if (who < 0 || amounts < counters) return undefined;
  return {
    head: text.slice(0, who),
    who: text.slice(who + 1, used),
    used: text.slice(used + 1, counters),
    counters: text.slice(counters + 1, amounts),
    amounts: text.slice(amounts + 1),
  };
}

const KINDS: Readonly<Record<UsageRow['type'], string>> = {
  final: '","final","',
  orphaned: '","orphaned","',
  adjustment: '","adjustment","',
};

function putHead({ id, type, exchange, time }: UsageRow, bytes: Buffer, start: number): number {
  let at = put('["', bytes, start);
  at = putText(id, bytes, at);
  at = put(KINDS[type], bytes, at);
  at = putText(exchange, bytes, at);
  at = put('",', bytes, at);
  return putNumber(time, bytes, at);
}

/** What few rows have, as JSON in its places between what all have. */
interface Rare {
  readonly whose: string;
  readonly units: string;
  readonly first: string;
  readonly end: string;
}

/** A success of nobody in particular, in one piece. */
const USUAL: Rare = { whose: '\t,null,null,"success",', units: ',null]', first: ',null,"', end: '",null,null' };

function isUsual({ endUser, tags, result, usage, timeToFirstToken, upstreamId, late, error }: UsageRow): boolean {
  const plain = endUser === undefined && tags === undefined && result === 'success' && usage?.units === undefined;
  return (
    plain && timeToFirstToken === undefined && upstreamId !== undefined && late === undefined && error === undefined
  );
}

function rareOf(row: UsageRow): Rare {
  const { upstreamId: id, error } = row;
  return {
    whose: `\t,${json(row.endUser)},${json(row.tags)},${json(row.result)},`,
    units: `,${json(row.usage?.units)}]`,
    first: `,${json(row.timeToFirstToken)},${id === undefined ? 'null' : '"'}`,
    end: `${id === undefined ? '' : '"'},${json(row.late)},${json(error === undefined ? error : [error.code, error.message])}`,
  };
}

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** ASCII; what is left out is `null`. */
function json(value: unknown): string {
  if (value === undefined) return 'null';
  return JSON.stringify(value).replaceAll(/[^\0-~]/g, escape);
}

function putUsed(row: UsageRow, price: Uint8Array, rare = USUAL, bytes: Buffer, start: number): number {
  const { usage, nanos, upstreamId } = row;
  let at = put(rare.whose, bytes, start);
  at = putNumber(row.status, bytes, at);
  at = put(row.stream ? ',true' : ',false', bytes, at);
  at = put(row.usageComplete ? ',true,' : ',false,', bytes, at);
  at = usage === undefined ? put('null', bytes, at) : put(rare.units, bytes, putCounts(usage, bytes, at));
  if (nanos === undefined) at = put(',null', bytes, at);
  else at = put('"', bytes, putBigInt(nanos, bytes, put(',"', bytes, at)));
  at = putReady(price, bytes, at);
  at = putThousandths(row.duration, bytes, at);
  at = put(rare.first, bytes, at);
  if (upstreamId !== undefined) at = putText(upstreamId, bytes, at);
  return put(rare.end, bytes, at);
}

function putCounts(usage: NonNullable<UsageRow['usage']>, bytes: Buffer, start: number): number {
  let at = putNumber(usage.input, bytes, put('[', bytes, start));
  at = putNumber(usage.cacheRead, bytes, put(',', bytes, at));
  at = putNumber(usage.cacheWrite5m, bytes, put(',', bytes, at));
  at = putNumber(usage.cacheWrite1h, bytes, put(',', bytes, at));
  at = putNumber(usage.output, bytes, put(',', bytes, at));
  at = putNumber(usage.reasoning, bytes, put(',', bytes, at));
  at = putNumber(usage.audioInput, bytes, put(',', bytes, at));
  at = putNumber(usage.audioOutput, bytes, put(',', bytes, at));
  at = putNumber(usage.imageInput, bytes, put(',', bytes, at));
  return putNumber(usage.imageOutput, bytes, put(',', bytes, at));
}

function putAmounts(postings: readonly Posting[], bytes: Buffer, start: number): number {
  let at = start;
  for (let index = 0; index < postings.length; index++) {
    const { held, actual } = postings[index] as Posting;
    if (index > 0) at = put(' ', bytes, at);
    at = putBigInt(held, bytes, at);
    at = putBigInt(actual, bytes, put(' ', bytes, at));
  }
  return at;
}

function putReady(part: Uint8Array, bytes: Buffer, at: number): number {
  bytes.set(part, at);
  return at + part.length;
}

/** The most that a row may take, in bytes. */
function sizeOf(row: UsageRow, caller: Caller, rare: Rare = USUAL): number {
  const texts = row.id.length + row.exchange.length + (row.upstreamId?.length ?? 0);
  const rest = rare.whose.length + rare.units.length + rare.first.length + rare.end.length;
  const ready = caller.bytes.length + caller.priceBytes.length + caller.counters.length;
  return ROOM + 6 * texts + rest + ready + POSTING * row.postings.length;
}

/** By key and upstream model: a model may have a hundred targets. */
const callers = new Map<string, Map<string, Caller[]>>();
/** Since they were last cleared. */
let made = 0;

function callerOf(row: UsageRow): Caller {
  const known = callers.get(row.key)?.get(row.upstreamModel);
  if (known !== undefined) for (const one of known) if (isOf(one, row)) return one;
  const { operation, surface, model, provider, upstreamModel, key, user, team, organisation } = row;
  const bytes = inList([operation, surface, model, provider, upstreamModel, key, user, team, organisation], '\t,', '');
  const none = { price: undefined, priceBytes: Buffer.from(',null,'), postings: [], counters: Buffer.from('\t,[]') };
  const caller: Caller = { row, bytes, ...none };
  keep(caller, known);
  return caller;
}

function keep(caller: Caller, alike: Caller[] = []): void {
  const { key, upstreamModel } = caller.row;
  if (++made > MOST) {
    callers.clear();
    made = 1;
  }
  if (alike.length >= ALIKE) alike.length = 0;
  alike.push(caller);
  const targets = callers.get(key) ?? new Map<string, Caller[]>();
  callers.set(key, targets.set(upstreamModel, alike));
}

function isOf({ row: a }: Caller, b: UsageRow): boolean {
  const sameTarget = a.provider === b.provider && a.model === b.model;
  const sameUser = a.user === b.user && a.team === b.team && a.organisation === b.organisation;
  return sameTarget && sameUser && a.operation === b.operation && a.surface === b.surface;
}

function isSame(postings: readonly Posting[], before: readonly Posting[]): boolean {
  if (postings.length !== before.length) return false;
  for (let index = 0; index < postings.length; index++) {
    const a = postings[index] as Posting;
    const b = before[index] as Posting;
    const same = a.scope === b.scope && a.unit === b.unit && a.name === b.name && a.period === b.period;
    if (!same || a.window !== b.window || a.kind !== b.kind) return false;
  }
  return true;
}

function notePrice(caller: Caller, price: string | undefined): void {
  caller.price = price;
  caller.priceBytes = inList([price], ',', ',');
}

function noteCounters(caller: Caller, postings: readonly Posting[]): void {
  const fields = postings.flatMap((one) => [one.scope, one.unit, one.window, one.name, one.period, one.kind]);
  caller.postings = postings;
  caller.counters = inList(fields, '\t,[', ']');
}

/** As JSON without the brackets; what is left out is `null`. */
function inList(fields: readonly (string | undefined)[], before: string, behind: string): Buffer {
  return Buffer.from(`${before}${JSON.stringify(fields).slice(1, -1)}${behind}`);
}
