/** The columns of a usage row besides its text: what it is found by, and what reports group by. */
import { inputTokens, outputTokens, type UsageField, type UsageRow } from '@gatewright/core';

interface Column {
  readonly name: string;
  readonly type: 'text' | 'bigint';
  readonly of: (row: UsageRow) => string | number | bigint | null;
}

const text = (name: string, of: Column['of']): Column => ({ name, type: 'text', of });
const bigint = (name: string, of: Column['of']): Column => ({ name, type: 'bigint', of });

export const COLUMNS: readonly Column[] = [
  text('id', (row) => row.id),
  text('type', (row) => row.type),
  bigint('time', (row) => row.time),
  text('day', (row) => new Date(row.time).toISOString().slice(0, 10)),
  text('key', (row) => row.key),
  text('"user"', (row) => row.user ?? ''),
  text('team', (row) => row.team ?? ''),
  text('organisation', (row) => row.organisation ?? ''),
  text('end_user', (row) => row.endUser ?? ''),
  text('model', (row) => row.model),
  text('provider', (row) => row.provider),
  text('upstream_model', (row) => row.upstreamModel),
  text('operation', (row) => row.operation),
  text('result', (row) => row.result),
  bigint('input', ({ usage }) => (usage === undefined ? 0 : inputTokens(usage))),
  bigint('output', ({ usage }) => (usage === undefined ? 0 : outputTokens(usage))),
  bigint('nanos', (row) => row.nanos ?? 0n),
  text('kept', ({ kept, upstreamId }) => (kept === true ? (upstreamId ?? null) : null)),
];

/** Where each field of a report stands; names come from callers, so what is not here never reaches a statement. */
export const FIELDS: Readonly<Record<Exclude<UsageField, 'tag'>, string>> = {
  key: 'u.key',
  user: 'u."user"',
  team: 'u.team',
  organisation: 'u.organisation',
  endUser: 'u.end_user',
  model: 'u.model',
  provider: 'u.provider',
  upstreamModel: 'u.upstream_model',
  operation: 'u.operation',
  result: 'u.result',
  day: 'u.day',
};
