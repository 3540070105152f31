/** Problems of a configuration, in the order and form in which people read them. */
import { createColors } from 'picocolors';
import type { Problem } from './normal.ts';

/** What is wrong, before it is known where. */
export type Fault = Pick<Problem, 'message' | 'help'>;

/** In the order of the file; problems without a line keep their order, in front. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => {
    const [before, after] = [a.position, b.position];
    return (before.line ?? 0) - (after.line ?? 0) || (before.column ?? 0) - (after.column ?? 0);
  });
}

/**
 * One line per problem, and one more for what to do:
 * `gatewright.yaml:12:5  plugins[1].with.apiKey  main: is required`.
 * Lines of the file are never quoted, because they may hold a secret.
 */
export function formatProblems(problems: readonly Problem[], options: { color?: boolean } = {}): string {
  const colors = createColors(options.color ?? false);
  return problems
    .map(({ position, plugin, message, help }) => {
      const { file, line, column, path } = position;
      const place = [file, line, column].filter((part) => part !== undefined).join(':');
      const subject = plugin === undefined ? '' : `${plugin}: `;
      const said = [colors.bold(place), colors.cyan(path), `${subject}${colors.red(message)}`];
      const first = said.filter((part) => part !== '').join('  ');
      return help === undefined ? first : `${first}\n    ${colors.dim('help:')} ${help}`;
    })
    .join('\n');
}
