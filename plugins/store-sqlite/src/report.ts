/** Reports on usage rows, as one statement each. */
import type { DatabaseSync } from 'node:sqlite';
import type { UsageField, UsageQuery, UsageReportRow } from '@gatewright/core';

type Value = string | number;

/** The test of a query on the rows `u`, always at least `1`. */
export function conditions({ id, kept, from, until, where = {} }: UsageQuery): { sql: string; values: Value[] } {
  const tests = ['1'];
  const values: Value[] = [];
  const add = (sql: string, value: Value | undefined): void => {
    if (value === undefined) return;
    tests.push(sql);
    values.push(value);
  };
  add('u.id = ?', id);
  add('u.kept = ?', kept);
  add('u.time >= ?', from);
  add('u.time < ?', until);
  const { tag, ...columns } = where;
  for (const [field, value] of Object.entries(columns)) add(`u.${column(field)} = ?`, value);
  add('EXISTS (SELECT 1 FROM usage_tags w WHERE w.id = u.id AND w.tag = ?)', tag);
  return { sql: tests.join(' AND '), values };
}

const COLUMNS: ReadonlySet<string> = new Set<UsageField>([
  'key',
  'user',
  'team',
  'organisation',
  'endUser',
  'model',
  'provider',
  'upstreamModel',
  'operation',
  'result',
  'day',
]);

/** A field's column. Names come from callers: what is not a column never reaches the statement. */
function column(field: string): string {
  if (!COLUMNS.has(field)) throw new Error(`Usage has no field "${field}".`);
  return field;
}

type Counted = Record<string, string | bigint>;

export function report(database: DatabaseSync, query: UsageQuery, by: readonly UsageField[]): UsageReportRow[] {
  const { sql, values } = conditions(query);
  const groups = by.map((field) => (field === 'tag' ? 't.tag' : `u.${column(field)}`));
  const names = groups.map((group, n) => `${group} AS g${n}, `).join('');
  const tags = by.includes('tag') ? 'JOIN usage_tags t ON t.id = u.id' : '';
  const statement = database.prepare(
    `SELECT ${names}
       COUNT(CASE WHEN u.type <> 'adjustment' THEN 1 END) AS requests,
       COUNT(CASE WHEN u.type <> 'adjustment' AND u.result <> 'success' THEN 1 END) AS failures,
       COALESCE(SUM(u.input), 0) AS input, COALESCE(SUM(u.output), 0) AS output, COALESCE(SUM(u.nanos), 0) AS nanos
     FROM usage u ${tags} WHERE ${sql} ${groups.length === 0 ? '' : `GROUP BY ${groups.join(', ')}`}`,
  );
  statement.setReadBigInts(true);
  const rows = statement.all(...values) as unknown as Counted[];
  return rows.map((row) => ({
    group: Object.fromEntries(by.map((field, n) => [field, String(row[`g${n}`])])),
    requests: Number(row['requests']),
    failures: Number(row['failures']),
    inputTokens: Number(row['input']),
    outputTokens: Number(row['output']),
    nanos: row['nanos'] as bigint,
  }));
}
