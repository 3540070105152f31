/** The tables of the page of the configuration, as its schema has them. */
import { gatewaySchema } from '../../core/src/config/schema.ts';
import { fieldsOf, type Field } from './fields.ts';

export const CONFIG_PAGE = 'core/docs/configuration.md';

const PLUGIN = 'plugins[].';
const MODEL = 'models.<name>.';
const TARGET = `${MODEL}targets[].`;

/** What JSON Schema cannot say of a field. */
const TYPES: Readonly<Record<string, string>> = { [`${PLUGIN}use`]: 'string', $schema: 'string' };

/** A name of a table, as the page marks its place. */
type Table = 'gateway' | 'plugin' | 'model' | 'target';

/** The page with its tables in their places. Throws an Error where a place is not marked. */
export function withConfigTables(page: string): string {
  const fields = fieldsOf(gatewaySchema).filter(({ type }) => type !== 'object');
  const paths = new Set(fields.map(({ path }) => path));
  const isShared = (path: string): boolean => paths.has(path);
  const below = (prefix: string): Field[] =>
    fields.flatMap((field) => {
      const { path } = field;
      return path.startsWith(prefix) ? [Object.assign({}, field, { path: path.slice(prefix.length) })] : [];
    });
  const top = fields.filter(({ path }) => !path.startsWith(PLUGIN) && !path.startsWith(MODEL));
  const alsoOn = (path: string): string =>
    [paths.has(MODEL + path) ? 'model' : '', paths.has(TARGET + path) ? 'target' : ''].filter(Boolean).join(', ');
  const own = (list: readonly Field[]): Field[] =>
    list.filter(({ path }) => !isShared(path) && !path.startsWith('targets[].'));
  const tables: Readonly<Record<Table, string>> = {
    gateway: table(top, '', alsoOn),
    plugin: table(below(PLUGIN), PLUGIN),
    model: table(own(below(MODEL)), MODEL),
    target: table(own(below(TARGET)), TARGET),
  };
  return Object.entries(tables).reduce((text, [name, rows]) => placed(text, name, rows), page);
}

function placed(page: string, name: string, rows: string): string {
  const [begin, end] = [`<!-- fields of a ${name} -->`, `<!-- /fields of a ${name} -->`];
  const open = page.indexOf(begin);
  const close = page.indexOf(end);
  if (open === -1 || close < open) throw new Error(`${CONFIG_PAGE} has no ${begin} … ${end}.`);
  return `${page.slice(0, open + begin.length)}\n\n${rows}\n\n${page.slice(close)}`;
}

function table(fields: readonly Field[], prefix: string, alsoOn?: (path: string) => string): string {
  const header = ['field', 'type', 'default', ...(alsoOn === undefined ? [] : ['also on']), 'what it does'];
  const rows = fields.map((field) => {
    const { text, usual } = said(field);
    const type = TYPES[prefix + field.path] ?? field.type.replace('map of anything | null', 'map');
    const also = alsoOn === undefined ? [] : [alsoOn(field.path)];
    return [`\`${field.path}\``, type, usual, ...also, text];
  });
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Some defaults stand in the schema, some in the last sentence of the description, where others come before them. */
function said({ description = '', default: preset, required }: Field): { text: string; usual: string } {
  const [whole = '', sentence] = / ?Default:? ([^.;]+)\.$/.exec(description) ?? [];
  const text = description.slice(0, description.length - whole.length);
  if (required) return { text, usual: 'required' };
  if (preset !== undefined && !isEmpty(preset)) return { text, usual: `\`${plain(preset)}\`` };
  if (sentence === undefined) return { text, usual: '' };
  return { text, usual: /^[\w.]+$/.test(sentence) ? `\`${sentence}\`` : sentence };
}

/** Nothing at all is what everybody expects. */
const isEmpty = (preset: unknown): boolean =>
  typeof preset === 'object' && preset !== null && Object.keys(preset).length === 0;

const plain = (preset: unknown): string => (typeof preset === 'string' ? preset : JSON.stringify(preset));
