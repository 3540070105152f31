/** Says why a command failed. */
import { fileURLToPath } from 'node:url';
import type { Problem } from '../config/normal.ts';
import { formatProblems } from '../config/problems.ts';
import { isGatewayError } from '../errors.ts';
import { count } from '../count.ts';
import { colorsFor, type Colors, type Terminal } from './terminal.ts';

/** Places in stacks that tell a plugin's author nothing. */
const OWN = [fileURLToPath(new URL('..', import.meta.url)), 'node:', '/commander/'];

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
  if (error instanceof CommandFailure) return lines([colors.red(error.message), helpText(error.help, colors)]);
  if (!isGatewayError(error))
    return colors.red(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const { problems, help, cause } = error.details;
  if (problems !== undefined) return problemsText(problems, colors);
  return lines([colors.red(error.message), helpText(help, colors), ...foreignFrames(cause).map(colors.dim)]);
}

function lines(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('\n');
}

/** All problems, and how many there are. */
export function problemsText(problems: readonly Problem[], colors: Colors): string {
  const list = formatProblems(problems, { color: colors.isColorSupported });
  return `${list}\n\n${colors.red(`${count(problems.length, 'problem')}.`)}`;
}

function helpText(help: string | undefined, colors: Colors): string | undefined {
  return help === undefined ? undefined : `    ${colors.dim('help:')} ${help}`;
}

/** Where in a plugin an error came from: the lines of its stack that are neither the core's nor Node's. */
function foreignFrames(cause: unknown): string[] {
  if (!(cause instanceof Error) || isGatewayError(cause)) return [];
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames.filter((line) => !OWN.some((place) => line.includes(place)));
}
