/** The periods of a budget's window: stretches of fixed length, or days, weeks and months of a time zone's calendar. */
import type { Period } from '@gatewright/core';

type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo';

/** A window as it is written: `30s`, `6h`, `1d`, `2w`, `1mo`. */
export interface CalendarWindow {
  readonly count: number;
  readonly unit: Unit;
  /** IANA name; it matters from days on. */
  readonly timeZone: string;
}

/** Milliseconds of the units that every calendar has in common. */
const FIXED: Readonly<Partial<Record<Unit, number>>> = { s: 1000, m: 60_000, h: 3_600_000 };
const DAY = 86_400_000;

/** Days before 1970-01-01, a Thursday, on which a week began: weeks begin on Mondays (ISO 8601). */
const MONDAY = 3;

/** Reads a window; undefined where it is none. */
export function readWindow(text: string, timeZone: string): CalendarWindow | undefined {
  const [, digits = '', unit] = /^([1-9]\d{0,4})(s|m|h|d|w|mo)$/.exec(text) ?? [];
  return unit === undefined ? undefined : { count: Number(digits), unit: unit as Unit, timeZone };
}

/** Whether a time zone of this name is known. */
export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The period before the one that `now` (Unix milliseconds) is in, that one, and the next. */
export function periodsAround(window: CalendarWindow, now: number): readonly [Period, Period, Period] {
  const number = numberOf(window, now);
  return [period(window, number - 1), period(window, number), period(window, number + 1)];
}

function period(window: CalendarWindow, number: number): Period {
  return { id: idOf(window, number), start: startOf(window, number), end: startOf(window, number + 1) };
}

/** Periods are numbered; 0 is the one that 1970 began in. */
function numberOf({ count, unit, timeZone }: CalendarWindow, now: number): number {
  const length = FIXED[unit];
  if (length !== undefined) return Math.floor(now / (length * count));
  const { year, month, day } = dateAt(now, timeZone);
  if (unit === 'mo') return Math.floor(((year - 1970) * 12 + month) / count);
  const days = Date.UTC(year, month, day) / DAY;
  return unit === 'd' ? Math.floor(days / count) : Math.floor((days + MONDAY) / (7 * count));
}

function startOf({ count, unit, timeZone }: CalendarWindow, number: number): number {
  const length = FIXED[unit];
  if (length !== undefined) return number * length * count;
  return midnight(dayOne(unit, number * count), timeZone);
}

/** The date on which a unit begins, as midnight UTC of it. */
function dayOne(unit: Unit, number: number): number {
  if (unit === 'mo') return Date.UTC(1970, number, 1);
  return unit === 'd' ? number * DAY : (number * 7 - MONDAY) * DAY;
}

/** `2026-11-22` for days, the Monday's date for weeks, `2026-11` for months, the start's moment for the rest. */
function idOf({ count, unit }: CalendarWindow, number: number): string {
  if (FIXED[unit] !== undefined) return new Date(number * FIXED[unit] * count).toISOString().slice(0, 19);
  const date = new Date(dayOne(unit, number * count)).toISOString();
  return unit === 'mo' ? date.slice(0, 7) : date.slice(0, 10);
}

/**
 * The first moment of a date in a time zone. Where the clocks are set at midnight there is none, or there are two: the
 * first moment that is of that date is taken.
 */
function midnight(date: number, timeZone: string): number {
  const tries = [offsetAt(date - DAY / 2, timeZone), offsetAt(date + DAY / 2, timeZone)].map((offset) => date - offset);
  const wanted = new Date(date).getUTCDate();
  const fitting = tries.filter((moment) => dateAt(moment, timeZone).day === wanted);
  return Math.min(...(fitting.length === 0 ? tries : fitting));
}

interface CalendarDate {
  readonly year: number;
  /** 0 is January. */
  readonly month: number;
  readonly day: number;
}

function dateAt(moment: number, timeZone: string): CalendarDate {
  const local = new Date(moment + offsetAt(moment, timeZone));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth(), day: local.getUTCDate() };
}

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(moment: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    const numeric = 'numeric';
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}
