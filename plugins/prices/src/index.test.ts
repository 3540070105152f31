/** The plugin keeps the contract, and refuses what has no price where it is told to. */
import { readFileSync } from 'node:fs';
import { Module } from 'node:module';
import {
  isGatewayError,
  isPlugin,
  NO_USAGE,
  silentLogger,
  type Attempt,
  type Exchange,
  type Prices,
  type SetupContext,
  type Target,
} from '@gatewright/core';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { dropCatalogue } from './catalogue.ts';
import plugin from './index.ts';
import { PriceList } from './price-list.ts';

type ReserveTap = Parameters<SetupContext['hooks']['meter']['reserve']['tap']>[0];

/** Sets the plugin up with a stand-in that knows what the plugin may use, and fails on anything else. */
async function setUp(given: z.input<typeof plugin.options>): Promise<{ prices: Prices; taps: ReserveTap[] }> {
  const provided = new Map<string, unknown>();
  const taps: ReserveTap[] = [];
  const serves: (() => void)[] = [];
  const context = {
    hooks: { meter: { reserve: { tap: (tap: ReserveTap) => taps.push(tap) } } },
    provide: (name: string, service: unknown) => provided.set(name, service),
    log: silentLogger,
    onServe: (task: () => void) => void serves.push(task),
    onDispose: () => undefined,
    models: () => [{ targets: [{ provider: 'openai', model: 'gpt-4o' }] }],
    clock: { now: () => Date.parse('2026-11-20T12:00:00Z') },
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(given));
  expect([...provided.keys()]).toEqual(plugin.provides);
  return { prices: provided.get('prices') as Prices, taps };
}

function attempt(provider: string, model: string): Attempt {
  const target: Partial<Target> = { id: `${provider}/${model}`, provider, model };
  return { target: target as Target } as Partial<Attempt> as Attempt;
}

const chat = { operation: 'chat' } as Partial<Exchange> as Exchange;

test('is a plugin with the name and version of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(isPlugin(plugin)).toBe(true);
  expect(plugin.name).toBe(manifest['name']);
  expect(plugin.version).toBe(manifest['version']);
  expect(plugin.engine).toBe('^1');
});

test('takes no unknown option, and describes every one that it takes', () => {
  interface Schema {
    additionalProperties: boolean;
    properties: Record<string, { description?: string; items?: Schema }>;
  }
  const schema = z.toJSONSchema(plugin.options, { io: 'input' }) as unknown as Schema;
  const override = schema.properties['overrides']?.items as Schema;
  expect([schema.additionalProperties, override.additionalProperties]).toEqual([false, false]);
  const described = [...Object.values(schema.properties), ...Object.values(override.properties)];
  expect(described.every(({ description }) => (description ?? '').length > 10)).toBe(true);
});

test.each(['warn', 'ignore'] as const)('provides prices, and taps nothing with unpriced: %s', async (unpriced) => {
  const { prices, taps } = await setUp({ unpriced });
  const { target } = attempt('openai', 'gpt-4o');
  expect(prices.cost(target, { ...NO_USAGE, input: 1000 }, 0)?.nanos).toBe(2_500_000n);
  expect(taps).toEqual([]);
});

test('with unpriced: refuse, a target without a price is refused before it is called', async () => {
  const { taps } = await setUp({ unpriced: 'refuse', free: ['simulated/*'] });
  const [reserve] = taps as [ReserveTap];
  expect(reserve(attempt('openai', 'gpt-4o'), chat)).toBeUndefined();
  expect(reserve(attempt('simulated', 'any'), chat)).toBeUndefined();
  let thrown: unknown;
  try {
    reserve(attempt('house', 'llama'), chat);
  } catch (error) {
    thrown = error;
  }
  expect(isGatewayError(thrown)).toBe(true);
  expect(thrown).toMatchObject({
    code: 'GW_UNPRICED',
    status: 400,
    retryable: false,
    message: 'No price is known for house/llama: the catalogue has no provider "house".',
    details: { target: 'house/llama', help: expect.stringContaining('"free"') as string },
  });
  const count = { operation: 'count-tokens' } as Partial<Exchange> as Exchange;
  expect(reserve(attempt('house', 'llama'), count)).toBeUndefined();
});

test.each([
  ['a price of its own', { overrides: [{ model: 'gpt-*', input: '1', output: '1' }] }, false],
  ['a price of the catalogue', {}, true],
])('with %s for every target, the catalogue is loaded only where it is needed', (_what, given, loads) => {
  const list = new PriceList(plugin.options.parse(given), silentLogger);
  const load = vi.spyOn(Module.prototype, 'require');
  dropCatalogue();
  expect([...list.prepare([{ provider: 'openai', model: 'gpt-4o' }])]).toEqual([]);
  const asked = load.mock.calls.some(([name]) => name === '@pydantic/genai-prices');
  load.mockRestore();
  expect(asked).toBe(loads);
});

test.each([
  ['when all targets are known', 'gpt-4o', 1],
  ['but not where a pattern may bring others', '*', 0],
])('the catalogue is let go of %s', (_what, model, again) => {
  const list = new PriceList(plugin.options.parse({}), silentLogger);
  const known = attempt('openai', 'gpt-4o').target;
  const steps = list.prepare(['openai', 'azure'].map((provider) => ({ provider, model })));
  expect(steps.next().done).toBe(true);
  const load = vi.spyOn(Module.prototype, 'require');
  const loads = (): number => load.mock.calls.filter(([name]) => name === '@pydantic/genai-prices').length;
  expect(list.priced(known, 0)).toBe(true);
  expect(loads()).toBe(0);
  expect(list.priced(attempt('openai', 'o3').target, 0)).toBe(true);
  expect(loads()).toBe(again);
  load.mockRestore();
});

test('many targets are looked up step by step', () => {
  const list = new PriceList(plugin.options.parse({}), silentLogger);
  const targets = Array.from({ length: 20 }, (_, index) => ({ provider: 'openai', model: `gpt-4o-${index}` }));
  expect([...list.prepare(targets)]).toHaveLength(2);
});
