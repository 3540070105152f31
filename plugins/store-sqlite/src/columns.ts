/** The shape in which usage rows go into the tables. */
import type { UsageRow } from '@gatewright/core';

export interface FlatRow {
  readonly id: string;
  readonly type: UsageRow['type'];
  readonly time: number;
  readonly columns: readonly (string | number | bigint | null)[];
  readonly tags: readonly string[];
  readonly late: boolean;
  readonly sums: readonly Sum[];
  readonly json: string;
}

/** How much a row adds to a counter's durable sum: scope, unit, window, name, period, amount. */
export type Sum = readonly [string, string, string, string, string, bigint];

/** The columns of `FlatRow.columns`, in their order. */
export const COLUMNS =
  'day, key, user, team, organisation, endUser, model, provider, upstreamModel, operation, result, input, output, nanos, kept';
