/** What a run found: sections of rows, as data and as a table to read. */
import type { Environment } from './environment.ts';
import type { Target } from './target.ts';
import { ratios, statistic, type Statistic } from './statistic.ts';

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly value: Statistic;
  /** How it compares with another row, by round. */
  readonly ratio?: Statistic;
}

/** An aim, and whether the run met it. */
export interface Verdict {
  readonly aim: string;
  readonly found: string;
  readonly met: boolean;
}

export interface Section {
  readonly title: string;
  /** What is measured and how to read it. */
  readonly about: string;
  /** What else one should know, each a line. */
  readonly notes?: readonly string[];
  /** What the ratios are to. */
  readonly ratioTo?: string;
  readonly rows: readonly Row[];
  readonly verdicts?: readonly Verdict[];
  /** What of it the project has set itself as a target. */
  readonly targets?: readonly Target[];
}

export interface Report {
  readonly environment: Environment;
  readonly settings: object;
  readonly sections: readonly Section[];
  /** What could not be measured, with why. */
  readonly failed: readonly string[];
}

/** A row from the values of all rounds; with the values of another subject, also their ratio. */
export function row(what: string, unit: string, values: readonly number[], of?: readonly number[]): Row {
  const value = statistic(values);
  return of === undefined ? { what, unit, value } : { what, unit, value, ratio: statistic(ratios(values, of)) };
}

/** The section as lines of text. */
export function formatSection(section: Section): string {
  const cells = section.rows.map(({ what, unit, value, ratio }) => [
    what,
    figure(value.median),
    unit,
    `${figure(value.low)} – ${figure(value.high)}`,
    ratio === undefined ? '' : share(ratio.median),
    ratio === undefined ? '' : `${share(ratio.low)} – ${share(ratio.high)}`,
  ]);
  const ratio = section.ratioTo === undefined ? '' : `× ${section.ratioTo}`;
  const head = ['', 'median', 'unit', 'low – high', ratio, ratio === '' ? '' : 'low – high'];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, column) =>
        column === 0 || column === 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const verdicts = (section.verdicts ?? []).map(
    ({ aim, found, met }) => `  ${met ? 'met' : 'MISSED'}: ${aim}; found ${found}`,
  );
  const targets = (section.targets ?? []).map(
    ({ name, value: found, target, met }) => `  ${met ? 'met' : 'MISSED'}: ${name} ${target}; found ${figure(found)}`,
  );
  const lines = [line(head), ...cells.map(line), ...verdicts, ...targets];
  return [`## ${section.title}`, section.about, ...(section.notes ?? []), '', ...lines, ''].join('\n');
}

/** Where nothing was found; JSON keeps it as null. */
const NOTHING = '–';

/** Three digits that count. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-GB');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 || size === 0 ? value.toFixed(2) : value.toFixed(3);
}

/** A ratio. */
export function share(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NOTHING : value.toFixed(2);
}
