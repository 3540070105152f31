/** A usage row as it is stored: the columns that rows are found and reported by, its own JSON, and the numbers of what it has in common with others. */
import type { UsageRow } from '@gatewright/core';
// The whole core would take the thread a quarter of a second to load, and 30 MB.
import { usageRowFromJson, usageRowToJson, usageTextOf } from '@gatewright/core/wire';

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
  readonly nanos: bigint;
  readonly kept: string | null;
  readonly amounts: string;
  /** What it has in common with others. */
  readonly who: string;
  readonly counters: string;
  /** What no other has. */
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
