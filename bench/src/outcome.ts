/** What the commands have found, put together: their reports, and the targets in all of them. */
import type { Report } from './report.ts';
import type { Target } from './target.ts';

/** What measures; each has a part of its own in the results. */
export const COMMANDS = ['bench', 'peers', 'stages', 'scale'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Results {
  /** The targets of all reports. */
  readonly targets: readonly Target[];
  readonly reports: Readonly<Partial<Record<CommandName, Report>>>;
}

/** What a report says of targets. */
export function targetsOf({ sections }: Report): Target[] {
  return sections.flatMap(({ targets = [] }) => targets);
}

/** The results with a report in the place of the one that the same command made before. */
export function withReport({ reports }: Results, name: CommandName, report: Report): Results {
  const all = { ...reports, [name]: report };
  return { targets: COMMANDS.flatMap((one) => (all[one] === undefined ? [] : targetsOf(all[one]))), reports: all };
}
