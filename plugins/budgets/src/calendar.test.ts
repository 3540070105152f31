/** Periods touch each other and leave no moment out, whatever the calendar does. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTimeZone, periodsAround, readWindow } from './calendar.ts';

function at(window: string, zone: string, now: string): string[] {
  const read = readWindow(window, zone);
  if (read === undefined) throw new Error(`${window} is no window`);
  const [, { id, start, end }] = periodsAround(read, Date.parse(now));
  return [id, new Date(start).toISOString(), new Date(end).toISOString()];
}

test.each([
  [
    '30s',
    'UTC',
    '2026-11-22T12:00:45Z',
    ['2026-11-22T12:00:30', '2026-11-22T12:00:30.000Z', '2026-11-22T12:01:00.000Z'],
  ],
  [
    '6h',
    'Asia/Tokyo',
    '2026-11-22T13:00:00Z',
    ['2026-11-22T12:00:00', '2026-11-22T12:00:00.000Z', '2026-11-22T18:00:00.000Z'],
  ],
  ['1d', 'UTC', '2026-11-22T23:59:59.999Z', ['2026-11-22', '2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z']],
  ['1d', 'Asia/Tokyo', '2026-11-22T16:00:00Z', ['2026-11-23', '2026-11-22T15:00:00.000Z', '2026-11-23T15:00:00.000Z']],
  ['1w', 'UTC', '2026-11-22T12:00:00Z', ['2026-11-16', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z']],
  ['1mo', 'UTC', '2026-02-28T23:00:00Z', ['2026-02', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']],
  ['3mo', 'UTC', '2026-11-22T12:00:00Z', ['2026-10', '2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']],
])('%s in %s at %s', (window, zone, now, expected) => expect(at(window, zone, now)).toEqual(expected));

test('a leap day is a day of its own, and February is longer by it', () => {
  expect(at('1d', 'UTC', '2028-02-29T12:00:00Z')[0]).toBe('2028-02-29');
  expect(at('1mo', 'UTC', '2028-02-10T00:00:00Z')[2]).toBe('2028-03-01T00:00:00.000Z');
});

test('the days on which clocks are set last 23 and 25 hours', () => {
  const hours = (now: string): number => {
    const [, start = '', end = ''] = at('1d', 'Europe/Berlin', now);
    return (Date.parse(end) - Date.parse(start)) / 3_600_000;
  };
  expect([hours('2026-03-29T12:00:00Z'), hours('2026-10-25T12:00:00Z'), hours('2026-10-26T12:00:00Z')]).toEqual([
    23, 25, 24,
  ]);
});

test('where clocks are set at midnight, the day begins at its first moment', () => {
  // Santiago: on 2026-09-06 the clocks went from 00:00 to 01:00.
  expect(at('1d', 'America/Santiago', '2026-09-06T12:00:00Z')).toEqual([
    '2026-09-06',
    '2026-09-06T04:00:00.000Z',
    '2026-09-07T03:00:00.000Z',
  ]);
});

test('for any moment, window and zone: three periods in a row, the middle one holds the moment', () => {
  const windows = fc.constantFrom('7s', '1m', '5h', '1d', '3d', '1w', '2w', '1mo', '5mo');
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/Santiago',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Africa/Cairo',
  );
  const moments = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) });
  fc.assert(
    fc.property(windows, zones, moments, (text, zone, now) => {
      const window = readWindow(text, zone);
      if (window === undefined) throw new Error('no window');
      const [before, current, next] = periodsAround(window, now);
      expect(current.start <= now && now < current.end).toBe(true);
      expect([before.end, next.start]).toEqual([current.start, current.end]);
      expect(new Set([before.id, current.id, next.id]).size).toBe(3);
      expect(periodsAround(window, current.end)[1]).toEqual(next);
      expect(periodsAround(window, current.start)[1]).toEqual(current);
    }),
    { numRuns: 2000 },
  );
});

test.each(['', '1', '0d', '1y', 'd', '1.5d', '-1d', '100000d'])('%j is no window', (text) => {
  expect(readWindow(text, 'UTC')).toBeUndefined();
});

test('a zone that nobody knows is none', () => {
  expect([isTimeZone('Europe/Berlin'), isTimeZone('Berlin'), isTimeZone('')]).toEqual([true, false, false]);
});
