/** Keys as people read them: a table of many, and all that is to say of one. */
import { stripVTControlCharacters } from 'node:util';
import { table } from '../table.ts';
import { colorsFor, widthOf, type Colors, type Terminal } from '../terminal.ts';

export type ShownKey = Readonly<Record<string, unknown>>;

/** What others wrote is shown as text: no control characters reach the terminal. */
function text(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(text).join(', ');
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return stripVTControlCharacters(written).replaceAll(/\p{Cc}/gu, ' ');
}

const dollars = (value: unknown): string => (value === null || value === undefined ? '-' : `$${text(value)}`);
const day = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 10) : '-');

export function keyTable(keys: readonly ShownKey[], terminal: Terminal): string[] {
  const colors = colorsFor(terminal.out, terminal.env);
  const head = ['key', 'id', 'alias', 'user', 'team', 'spent', 'budget', 'expires', 'state'].map(colors.dim);
  const rows = keys.map((one) => [
    text(one['key_name']),
    text(one['token']),
    text(one['key_alias']),
    text(one['user_id']),
    text(one['team_id']),
    dollars(one['spend_exact']),
    dollars(one['max_budget']),
    day(one['expires']),
    stateOf(one, terminal.clock.now(), colors),
  ]);
  return table([head, ...rows], { width: widthOf(terminal.out) });
}

export function keyLines(key: ShownKey, terminal: Terminal): string[] {
  const colors = colorsFor(terminal.out, terminal.env);
  const rows: [string, unknown][] = [
    ['key', key['key_name']],
    ['id', key['token']],
    ['alias', key['key_alias']],
    ['user', key['user_id']],
    ['team', key['team_id']],
    ['organisation', key['organization_id']],
    ['role', key['role']],
    ['models', isEmpty(key['models']) && isEmpty(key['access_group_ids']) ? 'all' : key['models']],
    ['tags', key['tags']],
    ['limits', limitsOf(key)],
    ['expires', key['expires']],
    ['made', `${text(key['created_at'])} by ${text(key['created_by'])}`],
  ];
  const shown = rows.map(([name, value]) => [colors.dim(name), text(value)]);
  const state = [colors.dim('state'), stateOf(key, terminal.clock.now(), colors)];
  return table([...shown, [colors.dim('spent'), dollars(key['spend_exact'])], ...budgetRows(key, colors), state], {
    width: widthOf(terminal.out),
  });
}

const isEmpty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;

function limitsOf(key: ShownKey): string[] {
  const units = [
    ['rpm_limit', 'requests a minute'],
    ['tpm_limit', 'tokens a minute'],
    ['max_parallel_requests', 'at once'],
  ] as const;
  return units
    .filter(([field]) => typeof key[field] === 'number')
    .map(([field, unit]) => `${text(key[field])} ${unit}`);
}

interface Standing {
  readonly [field: string]: unknown;
}

/** Spent and reserved are two numbers: what is reserved may yet turn out to be less. */
function budgetRows(key: ShownKey, colors: Colors): string[][] {
  const standings = Array.isArray(key['budget_status']) ? (key['budget_status'] as Standing[]) : [];
  return standings.map((one) => {
    const { window, limit, spent, reserved, remaining, models, resets_at: resets } = one;
    const what = Array.isArray(models) ? ` for ${text(models)}` : '';
    const until = typeof resets === 'string' ? `, resets ${resets}` : '';
    const held = reserved === null ? 'reserved unknown' : `${dollars(reserved)} reserved`;
    const line = `${dollars(limit)} ${text(window)}${what}: ${dollars(spent)} spent, ${held}, ${dollars(remaining)} left${until}`;
    return [colors.dim('budget'), line];
  });
}

function stateOf(key: ShownKey, now: number, colors: Colors): string {
  const { expires, blocked } = key;
  if (blocked === true) return colors.red('blocked');
  if (typeof expires === 'string' && Date.parse(expires) <= now) return colors.red('expired');
  return colors.green('active');
}
