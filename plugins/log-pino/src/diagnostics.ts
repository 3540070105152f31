/** The gateway's own messages, as lines beside those of the exchanges. */
import type { Clock, LogFields, Logger } from '@gatewright/core';
import type { Logger as Pino } from 'pino';

const RESERVED: ReadonlySet<string> = new Set(['level', 'time', 'msg']);

/** The `logger` service over pino. */
export function diagnostics(pino: Pino, clock: Clock): Logger {
  const line = (fields: LogFields | undefined): LogFields => ({ time: clock.now(), ...plain(fields) });
  return {
    debug: (message, fields) => pino.debug(line(fields), message),
    info: (message, fields) => pino.info(line(fields), message),
    warn: (message, fields) => pino.warn(line(fields), message),
    error: (message, fields) => pino.error(line(fields), message),
  };
}

/** Fields that JSON can hold, under names that the line does not have yet. */
function plain(fields: LogFields = {}): LogFields {
  const entries = Object.entries(fields).map(([name, value]) => [
    RESERVED.has(name) ? `field.${name}` : name,
    plainValue(value),
  ]);
  return Object.fromEntries(entries) as LogFields;
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (!(value instanceof Error)) return value;
  return { message: value.message, stack: value.stack, cause: plainValue(value.cause) };
}
