/** The changes of a reload as a page for people. */
import type { ConfigChange, ConfigDetail as Detail } from '../reload.ts';
import { table } from './table.ts';
import type { Colors } from './terminal.ts';

/** Longer values are cut, in characters. */
const LONGEST = 60;

export function differencePage(
  changes: readonly ConfigChange[],
  names: readonly [from: string, to: string],
  page: { colors: Colors; width: number },
): string {
  const { colors, width } = page;
  const [from, to] = names;
  if (changes.length === 0) return `A reload from ${from} to ${to} would change nothing.`;
  const lines = changes.flatMap((change) => [
    ...table([[mark(change, colors), change.what, note(change, colors)]], { indent: 2, width }),
    ...table(
      change.details.map(({ path, ...values }) => [path, arrow(values)]),
      { indent: 6, width },
    ),
  ]);
  return [colors.bold(`A reload from ${from} to ${to} would change:`), ...lines].join('\n');
}

function mark({ kind }: ConfigChange, colors: Colors): string {
  if (kind === 'add') return colors.green('+');
  return kind === 'remove' ? colors.red('-') : colors.yellow('~');
}

function note({ name, restart }: ConfigChange, colors: Colors): string {
  return restart ? `${name}  ${colors.yellow('(only a restart changes this)')}` : name;
}

function arrow(values: Omit<Detail, 'path'>): string {
  if (!('before' in values)) return `new: ${text(values.after)}`;
  if (!('after' in values)) return `gone; was ${text(values.before)}`;
  const [before, after] = [text(values.before), text(values.after)];
  return before === after ? `another ${after}` : `${before} → ${after}`;
}

function text(value: unknown): string {
  const whole =
    Array.isArray(value) && value.every((one) => typeof one === 'string')
      ? value.join(', ')
      : (JSON.stringify(value) ?? '');
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}
