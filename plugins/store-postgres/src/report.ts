/** Reports on usage rows, as one statement each. */
import type { UsageField, UsageQuery, UsageReportRow } from '@gatewright/core';
import { FIELDS } from './columns.ts';
import type { Connection } from './connection.ts';

/** The test of a query on the rows `u`, always at least `TRUE`; its values are numbered from 1. */
export function conditions({ id, kept, from, until, where = {} }: UsageQuery): { sql: string; values: unknown[] } {
  const tests = ['TRUE'];
  const values: unknown[] = [];
  const add = (sql: string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    tests.push(sql.replace('?', `$${values.length}`));
  };
  add('u.id = ?', id);
  add('u.kept = ?', kept);
  add('u.time >= ?', from);
  add('u.time < ?', until);
  const { tag, ...columns } = where;
  for (const [field, value] of Object.entries(columns)) add(`${column(field as UsageField)} = ?`, value);
  add('EXISTS (SELECT 1 FROM usage_tags w WHERE w.id = u.id AND w.tag = ?)', tag);
  return { sql: tests.join(' AND '), values };
}

function column(field: UsageField): string {
  if (field === 'tag') return 't.tag';
  if (!Object.hasOwn(FIELDS, field)) throw new Error(`Usage has no field "${field}".`);
  return FIELDS[field];
}

interface Counted extends Record<string, string | bigint> {
  readonly requests: bigint;
  readonly failures: bigint;
  readonly input: bigint;
  readonly output: bigint;
  readonly nanos: bigint;
}

export async function report(
  connection: Connection,
  query: UsageQuery,
  by: readonly UsageField[],
): Promise<UsageReportRow[]> {
  const { sql, values } = conditions(query);
  const groups = by.map(column);
  const names = groups.map((group, n) => `${group} AS g${n}, `).join('');
  const tags = by.includes('tag') ? 'JOIN usage_tags t ON t.id = u.id' : '';
  const rows = await connection.query<Counted>(
    `SELECT ${names}
       COUNT(CASE WHEN u.type <> 'adjustment' THEN 1 END) AS requests,
       COUNT(CASE WHEN u.type <> 'adjustment' AND u.result <> 'success' THEN 1 END) AS failures,
       COALESCE(SUM(u.input), 0) AS input, COALESCE(SUM(u.output), 0) AS output, COALESCE(SUM(u.nanos), 0) AS nanos
     FROM usage u ${tags} WHERE ${sql} ${groups.length === 0 ? '' : `GROUP BY ${groups.join(', ')}`}`,
    values,
  );
  return rows.map((row) => ({
    group: Object.fromEntries(by.map((field, n) => [field, String(row[`g${n}`])])),
    requests: Number(row.requests),
    failures: Number(row.failures),
    inputTokens: Number(row.input),
    outputTokens: Number(row.output),
    nanos: row.nanos,
  }));
}
