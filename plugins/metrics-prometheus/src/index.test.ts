/** The plugin keeps the contract, and its metrics outlive a reload. */
import { readFileSync } from 'node:fs';
import { isPlugin, type ExchangeRecord, type HookStats, type SetupContext, type TargetHealth } from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { samplesOf, valueOf, type Sample } from './exposition.test.kit.ts';
import plugin from './index.ts';
import type { RouteHandler } from './scrape.ts';

/** What outlives the kernels of a test. */
type Shared = Map<string, unknown>;

interface Kernel {
  readonly log: (record: ExchangeRecord) => void;
  readonly route: readonly [method: string, path: string];
  readonly middleware: readonly unknown[];
  read(): Promise<Sample[]>;
  dispose(): void;
}

const STATS: HookStats = { plugin: 'auth-static', hook: 'auth', calls: 5, errors: 0, time: 1 };

const HEALTH: TargetHealth = {
  id: 'acme/large',
  scope: 'target',
  state: 'open',
  since: 0,
  answered: 1,
  failed: 5,
  openings: 2,
};

/** Sets the plugin up with a stand-in that knows what the plugin may use, and fails on anything else. */
async function setUp(given: z.input<typeof plugin.options> = {}, shared: Shared = new Map()): Promise<Kernel> {
  const taps: Kernel['log'][] = [];
  const routes: [string, string, RouteHandler][] = [];
  const middleware: unknown[] = [];
  const disposals: (() => unknown)[] = [];
  const context = {
    hooks: { log: { tap: (tap: Kernel['log']) => taps.push(tap) } },
    http: {
      use: (one: unknown) => middleware.push(one),
      route: (method: string, path: string, handler: RouteHandler) => routes.push([method, path, handler]),
    },
    stats: () => [STATS],
    inFlight: () => 0,
    peers: { answer: () => undefined, ask: async () => ({ living: [], left: [] }) },
    useIfPresent: (name: string) => (name === 'health' ? { all: () => [HEALTH] } : undefined),
    load: () => ({ running: 0, waiting: 0, shed: 0, targets: [], shedByTargets: 0 }),
    onDispose: (task: () => unknown) => disposals.push(task),
    onServe: (task: () => unknown) => task(),
    clock: {
      after: (_delay: number, task: () => void) => {
        task();
        return () => undefined;
      },
    },
    share<T>(key: string, open: () => T): T {
      if (!shared.has(key)) shared.set(key, open());
      return shared.get(key) as T;
    },
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(given));
  expect([taps.length, routes.length]).toEqual([1, 1]);
  const [method, path, handler] = routes[0] as [string, string, RouteHandler];
  const read = async (): Promise<Sample[]> => {
    const answer = { status: 200, body: '', get: () => '', set: () => undefined };
    await handler(answer as unknown as Parameters<RouteHandler>[0]);
    return samplesOf(answer.body);
  };
  const dispose = (): void => disposals.forEach((task) => task());
  return { log: taps[0] as Kernel['log'], route: [method, path], middleware, read, dispose };
}

const RECORD: ExchangeRecord = {
  id: 'req-1',
  time: 0,
  operation: 'models',
  model: '',
  stream: false,
  identity: { key: 'ada' },
  status: 200,
  result: 'success',
  attempts: [],
  warnings: [],
  duration: 1,
  overhead: 1,
};

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

test('takes no unknown option, describes every one that it takes, and marks the token as a secret', () => {
  interface Schema {
    additionalProperties: boolean;
    properties: Record<string, { description?: string; secret?: boolean }>;
  }
  const schema = z.toJSONSchema(plugin.options, { io: 'input' }) as unknown as Schema;
  const buckets = schema.properties['buckets'] as unknown as Schema;
  expect([schema.additionalProperties, buckets.additionalProperties]).toEqual([false, false]);
  const described = [...Object.values(schema.properties), ...Object.values(buckets.properties)];
  expect(described.every(({ description }) => (description ?? '').length > 10)).toBe(true);
  expect(schema.properties['token']?.secret).toBe(true);
});

test('registers one route and one tap', async () => {
  const kernel = await setUp({ path: '/internal/metrics' });
  expect(kernel.route).toEqual(['GET', '/internal/metrics']);
  // Middleware would send every request the long way round.
  expect(kernel.middleware).toHaveLength(0);
});

test('writes exchanges, hooks and the process, each metric once, with the labels of the configuration', async () => {
  const kernel = await setUp({ labels: { region: 'eu' } });
  kernel.log(RECORD);
  const samples = await kernel.read();
  expect(valueOf(samples, 'gatewright_requests_total', { operation: 'models', region: 'eu' })).toBe(1);
  expect(valueOf(samples, 'gatewright_hook_calls_total', { plugin: 'auth-static', region: 'eu' })).toBe(5);
  expect(valueOf(samples, 'gatewright_requests_in_flight', { region: 'eu' })).toBe(0);
  expect(valueOf(samples, 'gatewright_target_state', { target: 'acme/large', state: 'open', region: 'eu' })).toBe(1);
  expect(valueOf(samples, 'process_resident_memory_bytes', { region: 'eu' })).toBeGreaterThan(1e6);
});

test('leaves the process out where told', async () => {
  const samples = await (await setUp({ process: false })).read();
  expect(samples.filter(({ name }) => !name.startsWith('gatewright_'))).toEqual([]);
});

test('goes on counting after a reload, also when the token is another', async () => {
  const shared: Shared = new Map();
  const before = await setUp({ process: false }, shared);
  before.log(RECORD);
  const after = await setUp({ process: false, token: 'secret-token' }, shared);
  after.log(RECORD);
  before.log(RECORD);
  before.dispose();
  expect(valueOf(await before.read(), 'gatewright_requests_total')).toBe(3);
  expect(valueOf(await before.read(), 'gatewright_hook_calls_total')).toBe(10);
  expect([...shared.keys()].join()).not.toContain('secret-token');
});

test('begins new metrics when a reload changes what they look like', async () => {
  const shared: Shared = new Map();
  (await setUp({ process: false }, shared)).log(RECORD);
  const after = await setUp({ process: false, buckets: { duration: [1] } }, shared);
  expect(valueOf(await after.read(), 'gatewright_requests_total')).toBeUndefined();
});
