/** A line is, to the byte, the line that pino writes. */
import { NO_USAGE, type AttemptRecord, type ExchangeRecord } from '@gatewright/core';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { writeLine } from './exchange-line.ts';
import { LineBytes } from './line-bytes.ts';
import { levelOf, lineOf, type Level } from './line.ts';

const RECORD: ExchangeRecord = {
  id: 'req-1',
  time: 1_795_000_000_000,
  operation: 'chat',
  model: 'smart',
  stream: false,
  identity: { key: 'ada' },
  status: 200,
  result: 'success',
  attempts: [],
  warnings: [],
  duration: 12,
  overhead: 0.5,
};

const USAGE = { ...NO_USAGE, input: 84, cacheRead: 3, output: 96 };
const COST = { nanos: 7_750_000n, inputNanos: 1n, outputNanos: 2n, price: 'genai-prices a/b' };

const ATTEMPT: AttemptRecord = {
  target: 'a/b',
  provider: 'a',
  model: 'b',
  result: 'success',
  status: 200,
  usageComplete: true,
  duration: 11.0714,
};

const FAILED: AttemptRecord = {
  ...ATTEMPT,
  result: 'timeout',
  status: 0,
  usageComplete: false,
  error: { code: 'GW_UPSTREAM_TIMEOUT', message: 'a/b did not "begin"\n to answer.' },
};

const DONE: AttemptRecord = {
  ...ATTEMPT,
  usage: USAGE,
  cost: COST,
  stop: 'end',
  upstreamId: 'chatcmpl-1',
  upstreamModel: 'b-2026',
  timeToFirstToken: 3.00049,
};

const CALLER = { key: 'k', name: 'Ada "L"', user: 'ada', team: 'a\\b', organisation: 'Örg 東京 🦊', tags: ['x', 'y"'] };

const RECORDS: Readonly<Record<string, ExchangeRecord>> = {
  'the least': RECORD,
  'one attempt': { ...RECORD, surface: 'a-chat', attempts: [DONE], usage: USAGE, cost: COST, timeToFirstToken: 4.25 },
  'several attempts': {
    ...RECORD,
    stream: true,
    attempts: [FAILED, { ...DONE, usage: { ...USAGE }, cost: { ...COST, nanos: 1n } }, DONE],
    usage: USAGE,
    cost: COST,
  },
  'usage in units, of nothing, and of nonsense': {
    ...RECORD,
    usage: NO_USAGE,
    attempts: [
      { ...ATTEMPT, usage: { ...NO_USAGE, units: { images: 2, seconds: 1.5 } } },
      { ...ATTEMPT, usage: { ...NO_USAGE, output: Number.NaN } },
    ],
  },
  'a child of another': { ...RECORD, parent: 'req-0', cause: 'judge', answeredBy: 'cache' },
  'a whole caller': { ...RECORD, identity: CALLER, model: 'smart\u0001"\u2028' },
  'a failure': {
    ...RECORD,
    status: 502,
    result: 'error',
    error: { code: 'GW_UPSTREAM_ERROR', message: 'a\n"b"\r\u0000\ud800', stack: 'Error\n  at x' },
    warnings: [{ field: 'top_k', reason: 'dropped' }],
  },
  refused: { ...RECORD, status: 429, result: 'error' },
  'durations of all sizes': {
    ...RECORD,
    duration: 1_234_567.8914,
    overhead: 0.0004,
    timeToFirstToken: 0.0129,
    attempts: [
      0,
      0.001,
      0.1,
      0.12,
      10,
      999.9996,
      123_456_789_012.345,
      1e12,
      1e15,
      1e20,
      -1.5,
      Number.NaN,
      Infinity,
    ].map((duration) => Object.assign({}, ATTEMPT, { duration })),
  },
};

function textOf(record: ExchangeRecord, level: Level): string {
  const out = new LineBytes();
  out.begin();
  writeLine(out, record, level);
  out.end();
  return out.take().toString();
}

function byPino(record: ExchangeRecord): string {
  let line = '';
  const logger = pino(
    { base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
    { write: (text: string) => void (line += text) },
  );
  logger[levelOf(record)](lineOf(record), 'exchange');
  return line;
}

test.each(Object.keys(RECORDS))('%s', (name) => {
  const record = RECORDS[name] as ExchangeRecord;
  const line = textOf(record, levelOf(record));
  expect(line).toBe(byPino(record));
  expect(line.indexOf('\n')).toBe(line.length - 1);
});

test('half a pair of surrogates is escaped, so that the line is UTF-8', () => {
  const line = textOf({ ...RECORD, model: 'a\ud83e' }, 'info');
  expect(line).toContain(String.raw`"model":"a\ud83e"`);
});

test.each([
  0n,
  1n,
  10n,
  999_999_999n,
  1_000_000_000n,
  1_500_000_000n,
  12_000_000_340n,
  9_007_199_254_740_993n,
  10n ** 20n,
])('an amount of %s nano-dollars', (nanos) => {
  const record = { ...RECORD, cost: { ...COST, nanos } };
  expect(textOf(record, 'info')).toBe(byPino(record));
});

test('a line that is longer than all the room there is comes whole, and one that failed leaves nothing', () => {
  const out = new LineBytes();
  const long = { ...RECORD, model: 'm'.repeat(100_000), identity: { key: 'é'.repeat(50_000) } };
  const broken = { ...RECORD, warnings: [{ field: 1n } as never] };
  out.begin();
  writeLine(out, RECORD, 'info');
  out.end();
  out.begin();
  expect(() => writeLine(out, broken, 'info')).toThrow('BigInt');
  out.begin();
  writeLine(out, long, 'info');
  out.end();
  expect(out.take().toString()).toBe(byPino(RECORD) + byPino(long));
  expect(out.length).toBe(0);
});
