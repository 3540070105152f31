/** The table of options in a plugin's README, as its schema has them. */
import type { z } from 'zod';
import { fieldsOf, type Field } from './fields.ts';

/** What a README may have a table of. Those of models and targets stand under headings of their own in `## Options`. */
export interface OptionTables {
  readonly options: z.ZodType;
  readonly modelOptions?: z.ZodType | undefined;
  readonly targetOptions?: z.ZodType | undefined;
}

/** The table as markdown, or a sentence where there are no options. */
export function optionsTable(options: z.ZodType): string {
  const fields = fieldsOf(options);
  if (fields.length === 0) return 'This plugin has no options.';
  const rows = fields.map((one) => [`\`${one.path}\``, typeCell(one), defaultCell(one), cell(one.description ?? '')]);
  const header = ['option', 'type', 'default', 'what it does'];
  const widths = header.map((_name, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(column === 3 ? 0 : (widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => '-'.repeat(column === 3 ? 12 : width)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

const typeCell = (field: Field): string => cell(field.type) + (field.secret ? ', secret' : '');

function defaultCell(field: Field): string {
  if (field.default !== undefined) return cell(`\`${JSON.stringify(field.default)}\``);
  return field.required ? 'required' : '';
}

/** A pipe would end the cell, a line break the row. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

/** A README with its tables in their places. Throws an Error when a place is not marked. */
export function withOptionsTable(readme: string, { options, modelOptions, targetOptions }: OptionTables): string {
  const whole = placed(readme, 'options', options);
  const models = modelOptions === undefined ? whole : placed(whole, 'model options', modelOptions);
  return targetOptions === undefined ? models : placed(models, 'target options', targetOptions);
}

function placed(readme: string, mark: string, schema: z.ZodType): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const open = readme.indexOf(begin);
  const close = readme.indexOf(end);
  if (open === -1 || close < open) throw new Error(`has no ${begin} … ${end} under "## Options".`);
  return `${readme.slice(0, open + begin.length)}\n\n${optionsTable(schema)}\n\n${readme.slice(close)}`;
}
