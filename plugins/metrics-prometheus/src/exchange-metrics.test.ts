/** Every figure of an exchange is counted where it belongs, and once. */
import { NO_USAGE, type AttemptRecord, type ExchangeRecord } from '@gatewright/core';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { ExchangeMetrics } from './exchange-metrics.ts';
import { samplesOf, valueOf, type Sample } from './exposition.test.kit.ts';
import { options } from './options.ts';

const ATTEMPT: AttemptRecord = {
  target: 'openai/gpt-4o',
  provider: 'openai',
  model: 'gpt-4o',
  result: 'success',
  status: 200,
  usage: { ...NO_USAGE, input: 100, cacheRead: 20, cacheWrite5m: 3, output: 50, reasoning: 7 },
  usageComplete: true,
  cost: { nanos: 7_750_000n, inputNanos: 1n, outputNanos: 2n, price: 'p' },
  duration: 900,
  timeToFirstToken: 300,
};

const RECORD: ExchangeRecord = {
  id: 'req-1',
  time: 0,
  operation: 'chat',
  surface: 'openai-chat',
  model: 'smart',
  stream: true,
  identity: { key: 'ada', user: 'ada', team: 'research' },
  status: 200,
  result: 'success',
  attempts: [ATTEMPT],
  warnings: [],
  duration: 1000,
  timeToFirstToken: 310,
  overhead: 0.3,
};

async function counted(records: readonly ExchangeRecord[], given: z.input<typeof options> = {}): Promise<Sample[]> {
  const registry = new Registry();
  const metrics = new ExchangeMetrics(registry, options.parse(given));
  for (const record of records) metrics.add(record);
  return samplesOf(await registry.metrics());
}

test('counts requests by what was asked and what came of it', async () => {
  const samples = await counted([RECORD, RECORD, { ...RECORD, status: 499, result: 'client-gone' }]);
  const labels = { operation: 'chat', surface: 'openai-chat', model: 'smart' };
  expect(samples.filter(({ name }) => name === 'gatewright_requests_total')).toEqual([
    { name: 'gatewright_requests_total', labels: { ...labels, status: '200', result: 'success' }, value: 2 },
    { name: 'gatewright_requests_total', labels: { ...labels, status: '499', result: 'client-gone' }, value: 1 },
  ]);
});

test('counts tokens by class, those that there are', async () => {
  const samples = await counted([RECORD, RECORD]);
  const tokens = samples.filter(({ name }) => name === 'gatewright_tokens_total');
  expect(Object.fromEntries(tokens.map(({ labels, value }) => [labels['class'], value]))).toEqual({
    input: 200,
    cache_read: 40,
    cache_write_5m: 6,
    output: 100,
    reasoning: 14,
  });
  expect(tokens[0]?.labels).toEqual({ provider: 'openai', model: 'gpt-4o', team: 'research', class: 'input' });
});

test('names all classes in one way', async () => {
  const usage = Object.fromEntries(Object.keys(NO_USAGE).map((name) => [name, 1])) as unknown as typeof NO_USAGE;
  const samples = await counted([{ ...RECORD, attempts: [{ ...ATTEMPT, usage }] }]);
  const classes = samples.filter(({ name }) => name === 'gatewright_tokens_total').map(({ labels }) => labels['class']);
  expect(new Set(classes)).toEqual(
    new Set([
      'input',
      'cache_read',
      'cache_write_5m',
      'cache_write_1h',
      'audio_input',
      'image_input',
      'output',
      'reasoning',
      'audio_output',
      'image_output',
    ]),
  );
});

test('counts what is no token by its unit', async () => {
  const usage = { ...NO_USAGE, units: { searches: 2, seconds: 1.5 } };
  const samples = await counted([{ ...RECORD, attempts: [{ ...ATTEMPT, usage }] }]);
  expect(valueOf(samples, 'gatewright_units_total', { unit: 'searches' })).toBe(2);
  expect(valueOf(samples, 'gatewright_units_total', { unit: 'seconds', team: 'research' })).toBe(1.5);
});

test('sums cost without a tail of fractions, and tells callers apart as told', async () => {
  const record = {
    ...RECORD,
    attempts: [{ ...ATTEMPT, cost: { nanos: 100_000_000n, inputNanos: 0n, outputNanos: 0n, price: 'p' } }],
  };
  const other = { ...record, identity: { key: 'bob', user: 'bob' } };
  const records = [...Array.from({ length: 10 }, () => record), other];
  expect(valueOf(await counted(records), 'gatewright_cost_usd_total', { team: 'research' })).toBe(1);
  expect(valueOf(await counted(records), 'gatewright_cost_usd_total', { team: '' })).toBe(0.1);
  const byKey = await counted(records, { by: ['key', 'user'] });
  expect(valueOf(byKey, 'gatewright_cost_usd_total', { key: 'bob', user: 'bob' })).toBe(0.1);
  const apart = await counted(records, { by: [] });
  expect(apart.filter(({ name }) => name === 'gatewright_cost_usd_total')).toEqual([
    { name: 'gatewright_cost_usd_total', labels: { provider: 'openai', model: 'gpt-4o' }, value: 1.1 },
  ]);
});

test('counts each attempt, and the error that the client got', async () => {
  const failed: AttemptRecord = {
    target: 'azure/gpt-4o',
    provider: 'azure',
    model: 'gpt-4o',
    result: 'timeout',
    status: 0,
    error: { code: 'GW_UPSTREAM_TIMEOUT', message: 'Too late.' },
    usageComplete: false,
    duration: 5000,
  };
  const error = { code: 'GW_UPSTREAM_TIMEOUT', message: 'Too late.' };
  const samples = await counted([
    { ...RECORD, attempts: [failed, ATTEMPT] },
    { ...RECORD, attempts: [failed], status: 504, result: 'error', error },
  ]);
  expect(valueOf(samples, 'gatewright_attempts_total', { provider: 'azure', result: 'timeout', status: '0' })).toBe(2);
  expect(valueOf(samples, 'gatewright_attempts_total', { provider: 'openai', result: 'success' })).toBe(1);
  expect(valueOf(samples, 'gatewright_errors_total', { code: 'GW_UPSTREAM_TIMEOUT' })).toBe(1);
  expect(valueOf(samples, 'gatewright_upstream_duration_seconds_sum', { provider: 'azure' })).toBe(10);
});

test('measures in seconds', async () => {
  const samples = await counted([RECORD, { ...RECORD, duration: 3000 }]);
  const chat = { operation: 'chat', model: 'smart' };
  expect(valueOf(samples, 'gatewright_request_duration_seconds_sum', { ...chat, stream: 'true' })).toBe(4);
  expect(valueOf(samples, 'gatewright_request_duration_seconds_bucket', { ...chat, le: '1' })).toBe(1);
  expect(valueOf(samples, 'gatewright_request_duration_seconds_bucket', { ...chat, le: '5' })).toBe(2);
  expect(valueOf(samples, 'gatewright_time_to_first_token_seconds_sum', chat)).toBeCloseTo(0.62, 12);
  expect(valueOf(samples, 'gatewright_overhead_seconds_bucket', { operation: 'chat', le: '0.0005' })).toBe(2);
  expect(valueOf(samples, 'gatewright_upstream_duration_seconds_sum', { model: 'gpt-4o' })).toBe(1.8);
  expect(valueOf(samples, 'gatewright_upstream_time_to_first_token_seconds_count', { model: 'gpt-4o' })).toBe(2);
});

test('has no time to the first token where there was none', async () => {
  const { timeToFirstToken: _one, ...record } = RECORD;
  const { timeToFirstToken: _two, ...attempt } = ATTEMPT;
  const samples = await counted([{ ...record, stream: false, attempts: [attempt] }]);
  expect(samples.some(({ name }) => name.includes('first_token'))).toBe(false);
  expect(valueOf(samples, 'gatewright_request_duration_seconds_count', {})).toBe(1);
});

test('a client cannot make series by sending names', async () => {
  const error = { code: 'GW_UNKNOWN_MODEL', message: 'No such model.' };
  const strangers = Array.from({ length: 1000 }, (_, index) => ({
    ...RECORD,
    model: `made-up-${index}`,
    status: 404,
    result: 'error' as const,
    error,
    attempts: [],
  }));
  const samples = await counted([RECORD, ...strangers, { ...RECORD, status: 401, result: 'error', attempts: [] }]);
  expect(valueOf(samples, 'gatewright_requests_total', { model: 'unknown', status: '404' })).toBe(1000);
  expect(valueOf(samples, 'gatewright_requests_total', { model: 'smart', status: '401' })).toBe(1);
  expect(samples.some(({ labels }) => labels['model']?.startsWith('made-up') === true)).toBe(false);
  expect(samples.length).toBeLessThan(200);
});

test('nor can a long configuration make more than it may', async () => {
  const records = Array.from({ length: 100 }, (_, index) => ({
    ...RECORD,
    identity: { key: 'k', team: `team-${index}` },
  }));
  const samples = await counted(records, { series: 10 });
  const cost = samples.filter(({ name }) => name === 'gatewright_cost_usd_total');
  expect(cost).toHaveLength(11);
  expect(valueOf(samples, 'gatewright_tokens_total', { team: 'other', class: 'output' })).toBe(90 * 50);
});

test('counts an exchange that was spawned, or answered without a model', async () => {
  const { surface: _surface, ...spawned } = RECORD;
  const samples = await counted([spawned, { ...RECORD, operation: 'models', model: '', attempts: [] }]);
  expect(valueOf(samples, 'gatewright_requests_total', { surface: 'none', model: 'smart' })).toBe(1);
  expect(valueOf(samples, 'gatewright_requests_total', { operation: 'models', model: 'none' })).toBe(1);
});

test('a usage that is none does not break the counters', async () => {
  const usage = { ...NO_USAGE, input: Number.NaN, output: -5, reasoning: Infinity, cacheRead: 1 };
  const samples = await counted([{ ...RECORD, attempts: [{ ...ATTEMPT, usage }] }]);
  expect(samples.filter(({ name }) => name === 'gatewright_tokens_total').map(({ value }) => value)).toEqual([1]);
});
