/** Ranges of time in queries: days, or moments. */
import { GatewayError } from '@gatewright/core';
import { z } from 'zod';

const DAY = 86_400_000;

/** A day of UTC, or a moment in ISO 8601. */
export const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/,
    'must be a day like 2026-11-22, or a moment like 2026-11-22T12:00:00Z',
  );

interface Range {
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
}

/** Unix milliseconds, from inclusive, until exclusive. Throws `GW_BAD_REQUEST` for days that no calendar has. */
export function dayRange({ start_date: start, end_date: end }: Range): { from?: number; until?: number } {
  const from = start === undefined ? undefined : timeOf('start_date', start);
  const until = end === undefined ? undefined : timeOf('end_date', end) + (end.length === 10 ? DAY : 0);
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

function timeOf(param: string, text: string): number {
  const zoned = text.length === 10 || /(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
  const time = Date.parse(zoned.replace(' ', 'T'));
  // A day that the month does not have would be taken for one of the next.
  const isDay =
    !Number.isNaN(time) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  if (isDay) return time;
  throw new GatewayError('GW_BAD_REQUEST', `${param}: there is no such day or moment.`, { param });
}
