/** Tests of the tables of the configuration: how they are written, and that those in the repository are up to date. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../house/tree.ts';
import { CONFIG_PAGE, withConfigTables } from './config-tables.ts';

const PARTS = ['gateway', 'plugin', 'model', 'target'] as const;
const marked = PARTS.map(
  (name) => `<!-- fields of a ${name} -->\n\nlast year's\n\n<!-- /fields of a ${name} -->\n`,
).join('\n');
const written = withConfigTables(marked);
const tableOf = (name: string): string => written.split(`fields of a ${name} -->`)[1] ?? '';

test('what stands in the schema is a row, with its default and where else it may stand', () => {
  expect(written).not.toContain("last year's");
  const rows = tableOf('gateway');
  expect(rows).toContain('| field | type | default | also on | what it does |');
  expect(rows).toMatch(/^\| `listen\.port` \| integer ≥ 0 ≤ 65535 \| `4000` \|  \| The port/m);
  expect(rows).toMatch(
    /^\| `timeouts\.connect` \| duration \| `5s` \| model, target \| Until the connection stands\. \|$/m,
  );
  expect(rows).toMatch(/^\| `limits\.body` \| size \| `32mb` \|/m);
  expect(rows).toMatch(/^\| `attempts` \| .* \| `6` \| model \|/m);
  expect(rows).not.toContain('models.<name>');
});

test('a plugin, a model and a target have what is theirs alone', () => {
  expect(tableOf('plugin')).toMatch(/^\| `use` \| string \| required \|/m);
  expect(tableOf('plugin')).toMatch(/^\| `isolate\.memory` \| size \| `256mib` \|/m);
  expect(tableOf('model')).toMatch(/^\| `contextFallbacks` \| list of string \|  \|/m);
  expect(tableOf('model')).not.toContain('`retries`');
  expect(tableOf('target')).toMatch(/^\| `weight` \|/m);
  expect(tableOf('target')).not.toContain('`retries`');
});

test('a place that is not marked is told', () => {
  expect(() => withConfigTables(marked.replace('<!-- /fields of a model -->', ''))).toThrow('fields of a model');
});

test(`${CONFIG_PAGE} says what the schema says`, () => {
  const page = readFileSync(join(ROOT, CONFIG_PAGE), 'utf8');
  expect(page, 'run `npm run docs`').toBe(withConfigTables(page));
});
