/** Reports on usage rows, as one statement each. */
import type { DatabaseSync } from 'node:sqlite';
import type { UsageField, UsageQuery, UsageReportRow } from '@gatewright/core';

type Value = string | number;

/** The rows `u`, and who asked whom, `w`. */
export const ROWS = 'usage u JOIN usage_who w ON w.number = u.who';

/** Rows of which it is not noted yet whose they are; all later ones come behind them. */
export const UNNOTED_ROWS = 'number > (SELECT upTo FROM usage_noted)';

/** The test of a query on {@link ROWS}, always at least `1`. */
export function conditions({ id, kept, from, until, where = {} }: UsageQuery): { sql: string; values: Value[] } {
  const tests = ['1'];
  const values: Value[] = [];
  const add = (sql: string, ...given: readonly (Value | undefined)[]): void => {
    const known = given.filter((value) => value !== undefined);
    if (known.length < given.length) return;
    tests.push(sql);
    values.push(...known);
  };
  add('u.id = ?', id);
  add('u.kept = ?', kept);
  add('u.time >= ?', from);
  add('u.time < ?', until);
  const { tag, ...columns } = where;
  for (const [field, value] of Object.entries(columns)) add(`${column(field)} = ?`, value);
  for (const field of NOTED) if (where[field] !== undefined) add(...whose(field, where[field], from, until));
  add('EXISTS (SELECT 1 FROM usage_tags t WHERE t.id = u.id AND t.tag = ?)', tag);
  return { sql: tests.join(' AND '), values };
}

/** Of whom it is noted which rows they have. */
const NOTED = ['key', 'team'] as const;

/** Whose rows are noted, and those of which it is not known yet: {@link conditions} looks at them. */
function whose(field: string, value: string, from = 0, until = Number.MAX_SAFE_INTEGER): [string, ...Value[]] {
  const noted = `SELECT o.number FROM usage_who k JOIN usage_of_who o ON o.who = k.number
    WHERE k.${field} = ? AND o.time >= ? AND o.time < ?`;
  return [`u.number IN (${noted} UNION ALL SELECT number FROM usage WHERE ${UNNOTED_ROWS})`, value, from, until];
}

/** A field is the row's own, or one of those of who asked whom. */
const OWN: ReadonlySet<string> = new Set<UsageField>(['endUser', 'result', 'day']);
const OF_WHO: ReadonlySet<string> = new Set<UsageField>([
  'key',
  'user',
  'team',
  'organisation',
  'model',
  'provider',
  'upstreamModel',
  'operation',
]);

/** A field's column. Names come from callers: what is not a column never reaches the statement. */
function column(field: string): string {
  if (OWN.has(field)) return `u.${field}`;
  if (!OF_WHO.has(field)) throw new Error(`Usage has no field "${field}".`);
  return `w.${field}`;
}

type Counted = Record<string, string | bigint>;

export function report(database: DatabaseSync, query: UsageQuery, by: readonly UsageField[]): UsageReportRow[] {
  const { sql, values } = conditions(query);
  const groups = by.map((field) => (field === 'tag' ? 't.tag' : column(field)));
  const names = groups.map((group, n) => `${group} AS g${n}, `).join('');
  const tags = by.includes('tag') ? 'JOIN usage_tags t ON t.id = u.id' : '';
  const statement = database.prepare(
    `SELECT ${names}
       COUNT(CASE WHEN u.type <> 'adjustment' THEN 1 END) AS requests,
       COUNT(CASE WHEN u.type <> 'adjustment' AND u.result <> 'success' THEN 1 END) AS failures,
       COALESCE(SUM(u.input), 0) AS input, COALESCE(SUM(u.output), 0) AS output, COALESCE(SUM(u.nanos), 0) AS nanos
     FROM ${ROWS} ${tags} WHERE ${sql} ${groups.length === 0 ? '' : `GROUP BY ${groups.join(', ')}`}`,
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
