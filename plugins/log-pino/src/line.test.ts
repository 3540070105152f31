/** A log line says who asked for what and what came of it, and holds nothing that is secret. */
import { NO_USAGE, type ExchangeRecord } from '@gatewright/core';
import { expect, test } from 'vitest';
import { levelOf, lineOf } from './line.ts';

const RECORD: ExchangeRecord = {
  id: 'req-1',
  time: 1_795_000_000_000,
  operation: 'chat',
  surface: 'openai-chat',
  model: 'smart',
  stream: true,
  identity: {
    key: 'ada',
    user: 'ada',
    team: 'research',
    tags: ['beta'],
    models: ['*'],
    metadata: { token: 'sk-secret' },
  },
  status: 200,
  result: 'success',
  attempts: [
    {
      target: 'openai/gpt-4o',
      provider: 'openai',
      model: 'gpt-4o',
      result: 'error',
      status: 503,
      error: { code: 'GW_UPSTREAM_ERROR', message: 'The server is overloaded.' },
      usageComplete: false,
      duration: 12.34567,
    },
    {
      target: 'anthropic/claude-opus-5',
      provider: 'anthropic',
      model: 'claude-opus-5',
      result: 'success',
      status: 200,
      usage: { ...NO_USAGE, input: 10, output: 20, raw: { dialect: 'd', value: { note: 'sk-secret' } } },
      usageComplete: true,
      cost: { nanos: 7_750_000n, inputNanos: 1n, outputNanos: 2n, price: 'genai-prices anthropic/claude-opus-5' },
      stop: 'end',
      upstreamId: 'msg_1',
      upstreamModel: 'claude-opus-5-20260101',
      duration: 900,
      timeToFirstToken: 200,
    },
  ],
  usage: { ...NO_USAGE, input: 10, output: 20 },
  cost: { nanos: 7_750_000n, inputNanos: 1n, outputNanos: 2n, price: 'sum' },
  warnings: [{ field: 'top_k', reason: 'dropped' }],
  duration: 950.5,
  timeToFirstToken: 240,
  overhead: 1.23456,
};

test('has the exchange, the caller, and each attempt', () => {
  expect(JSON.parse(JSON.stringify(lineOf(RECORD)))).toEqual({
    time: 1_795_000_000_000,
    id: 'req-1',
    operation: 'chat',
    surface: 'openai-chat',
    model: 'smart',
    stream: true,
    key: 'ada',
    user: 'ada',
    team: 'research',
    tags: ['beta'],
    status: 200,
    result: 'success',
    usage: { input: 10, output: 20 },
    cost: { usd: '0.00775', nanos: '7750000' },
    duration: 950.5,
    timeToFirstToken: 240,
    overhead: 1.235,
    warnings: [{ field: 'top_k', reason: 'dropped' }],
    attempts: [
      {
        target: 'openai/gpt-4o',
        result: 'error',
        status: 503,
        error: { code: 'GW_UPSTREAM_ERROR', message: 'The server is overloaded.' },
        usageComplete: false,
        duration: 12.346,
      },
      {
        target: 'anthropic/claude-opus-5',
        result: 'success',
        status: 200,
        usage: { input: 10, output: 20 },
        usageComplete: true,
        cost: { usd: '0.00775', nanos: '7750000', price: 'genai-prices anthropic/claude-opus-5' },
        stop: 'end',
        upstreamId: 'msg_1',
        upstreamModel: 'claude-opus-5-20260101',
        duration: 900,
        timeToFirstToken: 200,
      },
    ],
  });
});

test('has what is counted besides tokens', () => {
  const usage = { ...NO_USAGE, input: 3, units: { searches: 1 } };
  expect(lineOf({ ...RECORD, usage })['usage']).toEqual({ input: 3, searches: 1 });
});

test('holds nothing of what may be secret: no metadata of the identity, no block of the provider', () => {
  expect(JSON.stringify(lineOf(RECORD))).not.toContain('sk-secret');
});

test('keeps the whole story of an unexpected error', () => {
  const error = {
    code: 'GW_INTERNAL',
    message: 'The gateway met an unexpected error.',
    plugin: 'p',
    hook: 'route',
    stack: 'at x',
  };
  expect(lineOf({ ...RECORD, result: 'error', status: 500, error })['error']).toEqual(error);
});

test('names the parent of a spawned exchange, and who answered without a provider', () => {
  const child = { ...RECORD, parent: 'req-0', cause: 'judge', answeredBy: 'cache', attempts: [], warnings: [] };
  expect(lineOf(child)).toMatchObject({ parent: 'req-0', cause: 'judge', answeredBy: 'cache', attempts: [] });
  expect(JSON.stringify(lineOf(child))).not.toContain('warnings');
});

test.each([
  ['success', 200, 'info'],
  ['client-gone', 499, 'info'],
  ['error', 401, 'warn'],
  ['error', 429, 'warn'],
  ['error', 500, 'error'],
  ['error', 503, 'error'],
] as const)('a %s with status %i is %s', (result, status, level) => {
  expect(levelOf({ ...RECORD, result, status })).toBe(level);
});
