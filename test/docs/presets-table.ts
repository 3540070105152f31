/** The table of vendors in the README of provider-openai-compatible, as its presets have them. */
import type { Preset } from '@gatewright/provider-openai-compatible';

/** The README that has the table. */
export const PRESETS_PAGE = 'plugins/provider-openai-compatible/README.md';

const OPEN = '<!-- presets -->';
const CLOSE = '<!-- /presets -->';

/** The table as markdown: one row a preset. */
export function presetsTable(presets: readonly Preset[]): string {
  const header = [
    'preset',
    'vendor',
    'base URL',
    'key usually in',
    'serves',
    'quirks',
    'verified by',
    'checked',
    'read at',
  ];
  const rows = presets.map((preset) => [
    `\`${preset.id}\``,
    preset.docs === undefined ? preset.name : `[${preset.name}](${preset.docs})`,
    `\`${preset.baseUrl}\``,
    preset.keyVariable === undefined ? '' : `\`${preset.keyVariable}\``,
    preset.operations.join(', '),
    differences(preset).join('; '),
    preset.verified,
    preset.checked,
    preset.sources.map((source, index) => `[${index + 1}](${source})`).join(' '),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), `|${header.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** What a preset sets besides the address, as the options would be written. */
function differences({ quirks = {}, authHeader, authScheme, chatPath }: Preset): string[] {
  const set = Object.entries({ authHeader, authScheme, chatPath, ...quirks }).filter(
    ([, value]) => value !== undefined,
  );
  return set.map(
    ([name, value]) => `\`${name}: ${typeof value === 'string' && value !== '' ? value : written(value)}\``,
  );
}

/** `{"seed":"random_seed"}` → `{ seed: random_seed }`. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${String(member)}`);
  return Array.isArray(value) ? `[${value.join(', ')}]` : `{ ${members.join(', ')} }`;
}

/** A pipe would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The README with the table in its place. Throws an Error when the place is not marked. */
export function withPresetsTable(readme: string, presets: readonly Preset[]): string {
  const open = readme.indexOf(OPEN);
  const close = readme.indexOf(CLOSE);
  if (open === -1 || close < open) throw new Error(`has no ${OPEN} … ${CLOSE} under "## Presets".`);
  return `${readme.slice(0, open + OPEN.length)}\n\n${presetsTable(presets)}\n\n${readme.slice(close)}`;
}
