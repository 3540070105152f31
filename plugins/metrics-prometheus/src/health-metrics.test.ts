/** States and openings, as a scrape tells them. */
import type { TargetHealth } from '@gatewright/core';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { samplesOf, valueOf, type Sample } from './exposition.test.kit.ts';
import { HealthMetrics } from './health-metrics.ts';

const healthOf = (id: string, state: TargetHealth['state'], openings: number): TargetHealth => {
  return { id, scope: 'target', state, since: 0, answered: 0, failed: 0, openings };
};

const stateOf = (samples: readonly Sample[], target: string): readonly (number | undefined)[] =>
  ['closed', 'half-open', 'open'].map((state) => valueOf([...samples], 'gatewright_target_state', { target, state }));

test('tells the state of each target, how often it opened, and forgets what is gone', async () => {
  const registry = new Registry();
  const metrics = new HealthMetrics(registry, 100);
  const read = async (): Promise<Sample[]> => samplesOf(await registry.metrics());
  expect(stateOf(await read(), 'a/one')).toEqual([undefined, undefined, undefined]);
  let all = [healthOf('a/one', 'open', 3), healthOf('b/two', 'closed', 0)];
  metrics.readFrom(() => all);
  const first = await read();
  expect([stateOf(first, 'a/one'), stateOf(first, 'b/two')]).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  const labels = { target: 'a/one', scope: 'target' };
  expect(valueOf(first, 'gatewright_target_openings_total', labels)).toBe(3);
  all = [healthOf('a/one', 'half-open', 3)];
  const second = await read();
  expect([stateOf(second, 'a/one'), stateOf(second, 'b/two')]).toEqual([
    [0, 1, 0],
    [undefined, undefined, undefined],
  ]);
});

test('of more targets than may be shown, those that are worst off are', async () => {
  const registry = new Registry();
  const metrics = new HealthMetrics(registry, 2);
  const calm = Array.from({ length: 50 }, (_one, index) => healthOf(`a/${index}`, 'closed', 0));
  metrics.readFrom(() => [...calm, healthOf('b/once', 'closed', 1), healthOf('b/open', 'open', 1)]);
  const samples = samplesOf(await registry.metrics());
  const shown = samples.filter(({ name }) => name === 'gatewright_target_openings_total');
  expect(shown.map((sample) => sample.labels['target'])).toEqual(['b/open', 'b/once']);
});
