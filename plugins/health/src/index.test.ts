/** The plugin keeps the contract, and costs next to nothing where all is well. */
import { readFileSync } from 'node:fs';
import { isPlugin, silentLogger, type Attempt, type SetupContext } from '@gatewright/core';
import { ManualClock, pluginSuite } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import plugin from './index.ts';
import { overrides } from './options.ts';
import { Stage, target } from './stage.test.kit.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>;

test('the package default-exports a plugin that says its own name and version', () => {
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([manifest['name'], manifest['version'], '^1']);
  expect([plugin.provides, plugin.usesIfPresent]).toEqual([['health'], ['state']]);
});

test.each([
  { failures: 0 },
  { rate: 0 },
  { rate: 1.1 },
  { pause: '10' },
  { pause: 0 },
  { window: '0s' },
  { probes: 0 },
  { rateLimits: 'never' },
  { unknown: true },
])('options %j are refused', (options) => {
  expect(plugin.options.safeParse(options).success).toBe(false);
  expect(overrides.safeParse(options).success).toBe(false);
});

test('a model may say all but what is for the whole gateway, and its fields have no defaults', () => {
  const whole = Object.keys(plugin.options.shape).filter((key) => !Object.hasOwn(overrides.shape, key));
  expect(whole).toEqual(['providers', 'share']);
  expect(overrides.parse({})).toEqual({});
});

test('registers the two sides of the meter, its service and its line of the plan', async () => {
  const registered: string[] = [];
  const tap = (hook: string) => ({ tap: () => void registered.push(hook) });
  const context = {
    id: 'health',
    hooks: { meter: { reserve: tap('meter.reserve'), settle: tap('meter.settle') } },
    clock: new ManualClock(),
    random: () => 0,
    log: silentLogger,
    models: () => [],
    useIfPresent: () => undefined,
    share: (_key: string, open: () => unknown) => open(),
    provide: (name: string) => void registered.push(name),
    onServe: () => void registered.push('onServe'),
    onPlan: () => void registered.push('onPlan'),
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse({}));
  expect(registered.toSorted()).toEqual(['health', 'meter.reserve', 'meter.settle', 'onPlan', 'onServe']);
});

describe('the suite of all plugins', () => {
  pluginSuite(
    { describe, test },
    {
      plugin,
      manifest: new URL('../package.json', import.meta.url),
      options: { failures: 3, pause: '5s', providers: true },
    },
  );
});

test('letting calls of healthy targets through allocates nothing', () => {
  const { ward } = new Stage();
  const attempts = Array.from({ length: 100 }, (_one, index) => ({ target: target(`a/${index}`) }) as Attempt);
  const letThrough = (rounds: number): void => {
    for (let round = 0; round < rounds; round++) for (const attempt of attempts) ward.admit(attempt);
  };
  letThrough(1000);
  const growths = Array.from({ length: 10 }, () => {
    const before = process.memoryUsage().heapUsed;
    letThrough(2000);
    return process.memoryUsage().heapUsed - before;
  });
  // 200,000 calls a round: an object for each would be three megabytes, or a collection, which takes away.
  expect(growths.some((growth) => growth >= 0 && growth < 200_000)).toBe(true);
});
