/** Records are found by their index, never by walking through all of them. */
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { findBy } from './records.ts';
import { migrate } from './schema.ts';

test.each([0, 1, 2])('one index field and %d others: every step is a look-up', (others) => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${findBy(others)}`).all() as unknown as { detail: string }[];
  const details = steps.map(({ detail }) => detail);
  expect(details).toHaveLength(others + 2);
  expect(details[0]).toMatch(/^SEARCH i USING PRIMARY KEY \(kind=\? AND field=\? AND value=\? AND id>\?\)/);
  for (const detail of details) expect(detail).toMatch(/^SEARCH .*\(kind=\? AND id=\?|^SEARCH .* id[=>]\?\)/);
  database.close();
});
