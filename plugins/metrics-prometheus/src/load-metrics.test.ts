/** Places, waiting and refusals, as a scrape tells them. */
import type { LoadStats } from '@gatewright/core';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { samplesOf, valueOf } from './exposition.test.kit.ts';
import { LoadMetrics } from './load-metrics.ts';

test('tells how many have a place, wait, and were sent away; a target that is idle again is gone', async () => {
  const registry = new Registry();
  const metrics = new LoadMetrics(registry);
  const read = async () => samplesOf(await registry.metrics());
  expect(valueOf(await read(), 'gatewright_load_waiting')).toBe(0);
  let stats: LoadStats = {
    running: 8,
    waiting: 3,
    shed: 5,
    targets: [{ target: 'acme/large', running: 2, waiting: 1 }],
    shedByTargets: 4,
  };
  metrics.readFrom(() => stats);
  const busy = await read();
  expect(valueOf(busy, 'gatewright_load_running')).toBe(8);
  expect(valueOf(busy, 'gatewright_load_waiting')).toBe(3);
  expect(valueOf(busy, 'gatewright_load_shed_total', { by: 'gateway' })).toBe(5);
  expect(valueOf(busy, 'gatewright_load_shed_total', { by: 'target' })).toBe(4);
  expect(valueOf(busy, 'gatewright_target_calls_running', { target: 'acme/large' })).toBe(2);
  expect(valueOf(busy, 'gatewright_target_calls_waiting', { target: 'acme/large' })).toBe(1);
  stats = { ...stats, targets: [] };
  const idle = await read();
  expect(valueOf(idle, 'gatewright_target_calls_running', { target: 'acme/large' })).toBeUndefined();
  expect(valueOf(idle, 'gatewright_load_shed_total', { by: 'gateway' })).toBe(5);
});
