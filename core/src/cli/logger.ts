/** The gateway's diagnostics on a terminal, for as long as no plugin provides a logger. */
import type { LogFields, Logger } from '../logger.ts';
import { colorsFor, type Terminal } from './terminal.ts';

/** One line a message to standard error, from `info` up; an error's stack follows on lines of its own. */
export function terminalLogger(terminal: Terminal): Logger {
  const colors = colorsFor(terminal.err, terminal.env);
  const write = (level: string, message: string, fields: LogFields = {}): void => {
    const { error, ...others } = fields;
    const rest = Object.keys(others).length === 0 ? '' : colors.dim(` ${JSON.stringify(others, replacer)}`);
    const stack = error instanceof Error ? `\n${colors.dim(error.stack ?? error.message)}` : '';
    terminal.err.write(`${level} ${message}${rest}${stack}\n`);
  };
  return {
    debug: () => undefined,
    info: (message, fields) => write(colors.green('info:'), message, fields),
    warn: (message, fields) => write(colors.yellow('warn:'), message, fields),
    error: (message, fields) => write(colors.red('error:'), message, fields),
  };
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Error ? value.message : value;
}
