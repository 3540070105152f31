/** The table of options in a plugin's README, as its schema has them. */
import type { z } from 'zod';
import { fieldsOf, type Field } from './fields.ts';

const OPEN = '<!-- options -->';
const CLOSE = '<!-- /options -->';

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

/** A README with the table in its place. Throws an Error when the place is not marked. */
export function withOptionsTable(readme: string, options: z.ZodType): string {
  const open = readme.indexOf(OPEN);
  const close = readme.indexOf(CLOSE);
  if (open === -1 || close < open) throw new Error(`has no ${OPEN} … ${CLOSE} under "## Options".`);
  return `${readme.slice(0, open + OPEN.length)}\n\n${optionsTable(options)}\n\n${readme.slice(close)}`;
}
