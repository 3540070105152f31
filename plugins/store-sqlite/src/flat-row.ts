/** A usage row as it is stored: the columns that rows are found and reported by, its own JSON, and the numbers of what it has in common with others. */
import type { UsageRow } from '@gatewright/core';
// The whole core would take the thread a quarter of a second to load, and 30 MB.
import { usageRowFromJson, usageRowToJson, usageTextOf, type UsageText } from '@gatewright/core/wire';

export interface FlatRow {
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly endUser: string;
  readonly tags: readonly string[] | null;
  readonly result: string;
  readonly late: boolean;
  readonly input: number;
  readonly output: number;
  readonly nanos: number | bigint;
  readonly kept: string | null;
  readonly amounts: string;
  /** What it has in common with others. */
  readonly who: string;
  readonly counters: string;
  /** What no other has. Its head, before the first tab, is missing where it follows from the columns: {@link headOf}. */
  readonly row: string;
}

/** The fields of a row's own, as `usageRowToJson` writes them: what is left of them without those that rows have in common. */
type Own = readonly [
  id: string,
  type: UsageRow['type'],
  exchange: string,
  time: number,
  endUser: string | null,
  tags: readonly string[] | null,
  result: string,
  status: number,
  stream: boolean,
  usageComplete: boolean,
  usage: readonly [number, number, number, number, number, number, number, number, number, number, unknown] | null,
  nanos: string | null,
  price: string | null,
  duration: number,
  timeToFirstToken: number | null,
  upstreamId: string | null,
  late: boolean | null,
  error: unknown,
  kept: true | null,
  amounts: string,
];

/** From the row as JSON: on the way to the thread a text costs a fraction of what an object does. */
export function flatten(json: string): FlatRow {
  // Earlier versions wrote rows in other forms.
  const text = usageTextOf(json) ?? usageTextOf(usageRowToJson(usageRowFromJson(json)));
  if (text === undefined) throw new Error('A usage row is not in its parts.');
  return readUsual(text) ?? read(text);
}

/** The head of a row like most: of an attempt, whose id is that of its exchange and a number. */
export function headOf(id: string, time: number): string {
  return `["${id}","final","${id.slice(0, id.lastIndexOf('-'))}",${time}`;
}

function read(text: UsageText): FlatRow {
  const row = `${text.head}\t${text.used}\t${text.amounts}`;
  const own = JSON.parse(row) as Own;
  const usage = own[10];
  return {
    id: own[0],
    type: own[1],
    time: own[3],
    endUser: own[4] ?? '',
    tags: own[5],
    result: own[6],
    late: own[16] === true,
    // As `inputTokens` and `outputTokens` of core reckon.
    input: usage === null ? 0 : usage[0] + usage[1] + usage[2] + usage[3] + usage[6] + usage[8],
    output: usage === null ? 0 : usage[4] + usage[5] + usage[7] + usage[9],
    nanos: own[11] === null ? 0n : BigInt(own[11]),
    kept: own[18] === true ? own[15] : null,
    amounts: own[19],
    who: text.who,
    counters: text.counters,
    row,
  };
}

/** What stands around the numbers of a row like most: a success of nobody in particular, which was not late. */
const BEFORE_COUNTS = ',null,null,"success",200,false,true,[';
const BEFORE_NANOS = 'null],"';
const END = '",null,null';
const BEFORE_AMOUNTS = ',null,"';

/** Which of the counts are of output. */
const OUTPUT = [false, false, false, false, true, true, false, true, false, true];

/** Digits that every double has. */
const DIGITS = 15;

const ZERO = 0x30;

/** A row like most is read by its places, in a quarter of the time that its JSON would take. Undefined where it is another. */
function readUsual({ head, who, used, counters, amounts }: UsageText): FlatRow | undefined {
  const id = head.slice(2, head.indexOf('"', 2));
  const time = Number(head.slice(head.lastIndexOf(',') + 1));
  const isUsual = used.startsWith(BEFORE_COUNTS) && used.endsWith(END) && amounts.startsWith(BEFORE_AMOUNTS);
  if (!isUsual || head !== headOf(id, time) || id.includes('\\')) return undefined;
  let input = 0;
  let output = 0;
  let at = BEFORE_COUNTS.length;
  for (const isOutput of OUTPUT) {
    let count = 0;
    for (let digit = digitAt(used, at); digit >= 0 && digit <= 9; digit = digitAt(used, ++at)) {
      count = 10 * count + digit;
    }
    if (isOutput) output += count;
    else input += count;
    // The comma.
    at++;
  }
  const from = at + BEFORE_NANOS.length;
  const to = used.indexOf('"', from);
  if (!used.startsWith(BEFORE_NANOS, at) || to - from > DIGITS) return undefined;
  return {
    id,
    type: 'final',
    time,
    endUser: '',
    tags: null,
    result: 'success',
    late: false,
    input,
    output,
    nanos: Number(used.slice(from, to)),
    kept: null,
    amounts: amounts.slice(BEFORE_AMOUNTS.length, -2),
    who,
    counters,
    row: `\t${used}\t${amounts}`,
  };
}

const digitAt = (text: string, at: number): number => text.charCodeAt(at) - ZERO;
