/** Tests of the options table. */
import { secret } from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { optionsTable, withOptionsTable } from './options-table.ts';

const schema = z.strictObject({
  key: secret().describe('The key.'),
  mode: z.enum(['a', 'b']).default('a').describe('One of two,\n and a | in between.'),
  note: z.string().optional().describe('A note.'),
});

const TABLE = [
  '| option | type           | default  | what it does |',
  '| ------ | -------------- | -------- | ------------ |',
  '| `key`  | string, secret | required | The key. |',
  '| `mode` | "a" \\| "b"     | `"a"`    | One of two, and a \\| in between. |',
  '| `note` | string         |          | A note. |',
].join('\n');

test('every field has a row: secrets marked, pipes escaped', () => {
  expect(optionsTable(schema)).toBe(TABLE);
});

test('no options make a sentence', () => {
  expect(optionsTable(z.strictObject({}))).toBe('This plugin has no options.');
});

test('the table takes the place between the marks, and taking it twice changes nothing', () => {
  const readme = '## Options\n\n<!-- options --> old <!-- /options -->\n\nMore.\n';
  const filled = withOptionsTable(readme, { options: schema });
  expect(filled).toBe(`## Options\n\n<!-- options -->\n\n${TABLE}\n\n<!-- /options -->\n\nMore.\n`);
  expect(withOptionsTable(filled, { options: schema })).toBe(filled);
});

test.each(['## Options\n', '<!-- options -->', '<!-- /options --> <!-- options -->'])(
  'a README without its marks is refused: %j',
  (readme) => {
    expect(() => withOptionsTable(readme, { options: schema })).toThrow('has no <!-- options -->');
  },
);

test('what models and targets may say has tables of its own, at marks that must be there', () => {
  const readme = '<!-- options --><!-- /options -->\n<!-- model options --><!-- /model options -->\n';
  const none = 'This plugin has no options.';
  const empty = z.strictObject({});
  expect(withOptionsTable(readme, { options: empty, modelOptions: schema })).toBe(
    `<!-- options -->\n\n${none}\n\n<!-- /options -->\n<!-- model options -->\n\n${TABLE}\n\n<!-- /model options -->\n`,
  );
  expect(() => withOptionsTable(readme, { options: empty, targetOptions: schema })).toThrow(
    'has no <!-- target options',
  );
});
