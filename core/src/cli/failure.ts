/** Says why a command failed. */
import type { Problem } from '../config/normal.ts';
import { formatProblems } from '../config/problems.ts';
import { isGatewayError } from '../errors.ts';
import { colorsFor, type Colors, type Terminal } from './terminal.ts';

/** A failure that the person at the terminal can do something about: no stack is shown. */
export class CommandFailure extends Error {
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.name = 'CommandFailure';
    this.help = help;
  }
}

/** Writes it to standard error. What nobody foresaw is shown with its stack. */
export function sayFailure(error: unknown, terminal: Terminal): void {
  const colors = colorsFor(terminal.err, terminal.env);
  terminal.err.write(`${failureText(error, colors)}\n`);
}

export function failureText(error: unknown, colors: Colors): string {
  if (isGatewayError(error)) {
    const { problems, help, cause } = error.details;
    if (problems !== undefined) return problemsText(problems, colors);
    const stack = error.code === 'GW_PLUGIN_SETUP' ? stackOf(cause) : undefined;
    return [colors.red(error.message), helpText(help, colors), stack && colors.dim(stack)].filter(Boolean).join('\n');
  }
  if (error instanceof CommandFailure) {
    return [colors.red(error.message), helpText(error.help, colors)].filter(Boolean).join('\n');
  }
  return colors.red(stackOf(error) ?? String(error));
}

/** All problems, and how many there are. */
export function problemsText(problems: readonly Problem[], colors: Colors): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const list = formatProblems(problems, { color: colors.isColorSupported });
  return `${list}\n\n${colors.red(`${count}.`)}`;
}

function helpText(help: string | undefined, colors: Colors): string | undefined {
  return help === undefined ? undefined : `    ${colors.dim('help:')} ${help}`;
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
