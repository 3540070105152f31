/** The gateway's own diagnostics: boot, reload, failing sinks. Exchanges are logged by the `log` hook instead. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Writes one line a message to standard error, from `info` up. */
export const stderrLogger: Logger = {
  debug: () => undefined,
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields),
};

/** Says nothing: for tests and dry runs. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function write(level: string, message: string, fields: LogFields | undefined): void {
  const rest = fields === undefined ? '' : ` ${JSON.stringify(fields, replacer)}`;
  process.stderr.write(`${level}: ${message}${rest}\n`);
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Error ? value.message : value;
}
