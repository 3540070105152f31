/** A usage row as it is stored: the columns that reports group by, the postings that the sums are made of, and all of it as JSON. */
import type { Posting } from '@gatewright/core';
// The whole core would take the thread a quarter of a second to load, and 30 MB.
import { inputTokens, outputTokens, usageRowFromJson } from '@gatewright/core/wire';
import type { FlatRow, Sum } from './columns.ts';

/** From the row as JSON: on the way to the thread a text costs a fraction of what an object does. */
export function flatten(json: string): FlatRow {
  const row = usageRowFromJson(json);
  const { id, type, time, usage, tags = [] } = row;
  return {
    id,
    type,
    time,
    columns: [
      new Date(time).toISOString().slice(0, 10),
      row.key,
      row.user ?? '',
      row.team ?? '',
      row.organisation ?? '',
      row.endUser ?? '',
      row.model,
      row.provider,
      row.upstreamModel,
      row.operation,
      row.result,
      usage === undefined ? 0 : inputTokens(usage),
      usage === undefined ? 0 : outputTokens(usage),
      row.nanos ?? 0n,
      row.kept === true ? (row.upstreamId ?? null) : null,
    ],
    late: row.late === true,
    tags: [...new Set(tags)],
    sums: sumsOf(row.postings),
    json,
  };
}

/** Only budgets are summed for good; limits forget. */
function sumsOf(postings: readonly Posting[]): Sum[] {
  const budgets = postings.filter(({ kind, window }) => kind === 'budget' && window !== 'held');
  return budgets.map(({ scope, unit, window, name, period, actual }) => [scope, unit, window, name, period, actual]);
}
