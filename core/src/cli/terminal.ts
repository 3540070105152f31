/** What a command sees of the world outside: two streams, the folder, the environment, the clock, the signals. */
import pc from 'picocolors';
import type { Clock } from '../clock.ts';
import type { Environment } from '../config/condition.ts';

/** One of the two streams that a command writes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Characters per line, where it is a terminal. */
  readonly columns?: number;
}

/** Events of the process: signals, and errors that nobody caught. */
export interface Signals {
  /** The answer takes the listener back. */
  listen(event: string, listener: (value: unknown) => void): () => void;
  /** Ends the process by this signal, as if nobody had listened for it. */
  raise(signal: NodeJS.Signals): void;
}

export interface Terminal {
  /** What was asked for. */
  readonly out: Output;
  /** What is said besides: progress, warnings, errors. */
  readonly err: Output;
  readonly cwd: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly signals: Signals;
  /** When the command began, on the clock's monotonic scale. */
  readonly started: number;
  /** Whether the terminal that the command was started from was closed in the meantime. */
  readonly hungUp: () => boolean;
  /** Asks whoever sits there and resolves with the answer; absent where nobody does. */
  readonly ask?: (question: string) => Promise<string>;
}

export type Colors = ReturnType<typeof pc.createColors>;

const PLAIN = pc.createColors(false);
const COLORED = pc.createColors(true);

/** Colours where the stream is a terminal, unless NO_COLOR (https://no-color.org) or FORCE_COLOR says otherwise. */
export function colorsFor(output: Output, env: Environment): Colors {
  if (isSet(env['NO_COLOR'])) return PLAIN;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] === '0' ? PLAIN : COLORED;
  return output.isTTY === true && env['TERM'] !== 'dumb' ? COLORED : PLAIN;
}

/** Characters per line; where it is no terminal, lines may be as long as they are. */
export function widthOf(output: Output): number {
  return output.isTTY === true ? (output.columns ?? 80) : Number.POSITIVE_INFINITY;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
