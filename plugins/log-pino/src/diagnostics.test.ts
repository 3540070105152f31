/** Messages of the gateway become lines that hold what they were given. */
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { diagnostics } from './diagnostics.ts';
import type { Clock, Logger } from '@gatewright/core';

function set(level: string): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): number => lines.push(JSON.parse(line) as Record<string, unknown>);
  const clock = { now: () => 42 } as Partial<Clock> as Clock;
  return { logger: diagnostics(pino({ level, base: null, timestamp: false }, { write }), clock), lines };
}

test('writes messages from the level up', () => {
  const { logger, lines } = set('warn');
  logger.debug('a');
  logger.info('b');
  logger.warn('c', { plugin: 'x' });
  logger.error('d');
  expect(lines).toEqual([
    { level: 40, time: 42, plugin: 'x', msg: 'c' },
    { level: 50, time: 42, msg: 'd' },
  ]);
});

test('takes fields that JSON has no form for, wherever they are', () => {
  const { logger, lines } = set('info');
  const round: Record<string, unknown> = { nanos: 5n };
  round['self'] = round;
  const error = new Error('outer', { cause: new Error('inner') });
  logger.info('100 %s sure', { nanos: 10n ** 20n, error, round, nothing: undefined });
  expect(lines).toEqual([
    expect.objectContaining({
      msg: '100 %s sure',
      nanos: '100000000000000000000',
      error: expect.objectContaining({
        message: 'outer',
        cause: expect.objectContaining({ message: 'inner' }) as unknown,
      }) as unknown,
      round: expect.objectContaining({ nanos: 5 }) as unknown,
    }),
  ]);
});

test('keeps a field from taking the place of level, time or message', () => {
  const { logger, lines } = set('info');
  logger.info('mine', { level: 'high', time: 'now', msg: 'theirs' });
  expect(lines).toEqual([
    { level: 30, time: 42, msg: 'mine', 'field.level': 'high', 'field.time': 'now', 'field.msg': 'theirs' },
  ]);
});
