/** What taps did is written at each reading, and stays counted when a reload has replaced their kernel. */
import type { HookStats } from '@gatewright/core';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { HookMetrics } from './hook-metrics.ts';
import { samplesOf, valueOf, type Sample } from './exposition.test.kit.ts';

function set(): { hooks: HookMetrics; read: () => Promise<Sample[]> } {
  const registry = new Registry();
  return { hooks: new HookMetrics(registry), read: async () => samplesOf(await registry.metrics()) };
}

function stats(calls: number, errors: number, time: number): HookStats {
  return { plugin: 'prices', hook: 'meter.reserve', calls, errors, time };
}

test('writes what the taps have counted at the moment of reading', async () => {
  const { hooks, read } = set();
  const tap = stats(3, 1, 1500);
  hooks.watch(() => [tap, { ...tap, hook: 'log', calls: 9 }]);
  const labels = { plugin: 'prices', hook: 'meter.reserve' };
  const first = await read();
  expect(valueOf(first, 'gatewright_hook_calls_total', labels)).toBe(3);
  expect(valueOf(first, 'gatewright_hook_errors_total', labels)).toBe(1);
  expect(valueOf(first, 'gatewright_hook_seconds_total', labels)).toBe(1.5);
  tap.calls = 4;
  const second = await read();
  expect(valueOf(second, 'gatewright_hook_calls_total', labels)).toBe(4);
  expect(valueOf(second, 'gatewright_hook_calls_total', { hook: 'log' })).toBe(9);
});

test('taps of one plugin on one hook are counted together', async () => {
  const { hooks, read } = set();
  hooks.watch(() => [stats(1, 0, 10), stats(2, 1, 20)]);
  expect(valueOf(await read(), 'gatewright_hook_calls_total')).toBe(3);
});

test('never goes back when a kernel takes the place of another', async () => {
  const { hooks, read } = set();
  const before = stats(10, 2, 100);
  const forget = hooks.watch(() => [before]);
  const after = stats(0, 0, 0);
  hooks.watch(() => [after]);
  expect(valueOf(await read(), 'gatewright_hook_calls_total')).toBe(10);
  before.calls = 12;
  after.calls = 1;
  forget();
  forget();
  before.calls = 99;
  expect(valueOf(await read(), 'gatewright_hook_calls_total')).toBe(13);
});
