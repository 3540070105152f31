/** The plugin keeps the contract, and refuses servers that could forget what budgets have spent. */
import { readFileSync } from 'node:fs';
import { isPlugin, silentLogger, systemClock, type SetupContext, type State } from '@gatewright/core';
import { startRedis } from '@gatewright/testkit/servers';
import { expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

interface Schema {
  readonly additionalProperties?: boolean;
  readonly description?: string;
  readonly secret?: boolean;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Kernel {
  readonly state: State;
  readonly ready: () => Promise<void>;
  readonly drain: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

const window = { kind: 'total', name: 'total' } as const;
const CLAIM = { scope: 'a', unit: 'nanos', window, kind: 'budget', amount: 1n } as const;

type Shared = Map<string, unknown>;

/** Sets the plugin up with a stand-in that knows what the plugin may use, and fails on anything else. */
async function setUp(given: z.input<typeof plugin.options>, shared: Shared = new Map()): Promise<Kernel> {
  const provided = new Map<string, unknown>();
  const tasks = { ready: [] as (() => unknown)[], drain: [] as (() => unknown)[], dispose: [] as (() => unknown)[] };
  const context = {
    log: silentLogger,
    clock: systemClock,
    useIfPresent: () => undefined,
    provide: (name: string, service: unknown) => provided.set(name, service),
    share(key: string, open: () => unknown, close: (value: unknown) => unknown) {
      if (!shared.has(key)) shared.set(key, open());
      tasks.dispose.push(() => close(shared.get(key)));
      return shared.get(key);
    },
    onReady: (task: () => unknown) => tasks.ready.push(task),
    onServe: (task: () => unknown) => task(),
    onDrain: (task: () => unknown) => tasks.drain.push(task),
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(given));
  expect([...provided.keys()]).toEqual(plugin.provides);
  const run = async (list: readonly (() => unknown)[]): Promise<void> => {
    for (const task of list) await task();
  };
  return {
    state: provided.get('state') as State,
    ready: () => run(tasks.ready),
    drain: () => run(tasks.drain),
    dispose: () => run(tasks.dispose),
  };
}

test('is a plugin with the name and version of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([manifest['name'], manifest['version'], '^1']);
});

test('takes no unknown option, describes every one that it takes, and marks secrets', () => {
  const schema = z.toJSONSchema(plugin.options, { io: 'input' }) as unknown as Schema;
  const certificates = schema.properties?.['tls']?.anyOf?.find(({ properties }) => properties !== undefined);
  const objects = [schema, schema.properties?.['cluster']?.items, certificates];
  for (const object of objects) {
    expect(object?.additionalProperties).toBe(false);
    for (const { description } of Object.values(object?.properties ?? {})) {
      expect((description ?? '').length).toBeGreaterThan(8);
    }
  }
  expect([schema.properties?.['password']?.secret, certificates?.properties?.['key']?.secret]).toEqual([true, true]);
  expect(plugin.options.safeParse({ url: 'redis://user:secret@host' }).success).toBe(false);
  expect(plugin.options.safeParse({ prefix: 'a{b}' }).success).toBe(false);
});

test('reserves and settles, and goes on with the same holds after a reload', async () => {
  const server = await startRedis();
  const shared: Shared = new Map();
  const kernel = await setUp({ url: server.url, budgetsWithoutStore: 'refuse' }, shared);
  await kernel.ready();
  const reloaded = await setUp({ url: server.url, budgetsWithoutStore: 'zero' }, shared);
  await reloaded.ready();
  expect(reloaded.state).toBe(kernel.state);
  expect(await reloaded.state.reserve({ id: 'h1', claims: [CLAIM], memo: () => '' })).toMatchObject({ ok: true });
  const settled = kernel.state.settle('h1', []);
  await kernel.drain();
  expect(await settled).toEqual({ late: false, duplicate: false });
  await reloaded.dispose();
  await expect(kernel.state.balances([CLAIM])).rejects.toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  await server.stop();
});

test('refuses to start on a Redis that may evict', async () => {
  const server = await startRedis({ 'maxmemory-policy': 'allkeys-lru' });
  const kernel = await setUp({ url: server.url });
  await expect(kernel.ready()).rejects.toMatchObject({
    code: 'GW_CONFIG',
    message: expect.stringMatching(
      /127\.0\.0\.1:\d+ has maxmemory-policy allkeys-lru.*Set "maxmemory-policy noeviction"/,
    ) as string,
  });
  await kernel.dispose();
  await server.stop();
});

test('takes a password, and says nothing of it where it is wrong', async () => {
  const server = await startRedis({ requirepass: 'open-sesame' });
  const kernel = await setUp({ url: server.url, password: 'open-sesame', budgetsWithoutStore: 'zero' });
  await kernel.ready();
  expect(await kernel.state.reserve({ id: 'h1', claims: [CLAIM], memo: () => '' })).toMatchObject({ ok: true });
  await kernel.dispose();
  const wrong = await setUp({ url: server.url, password: 'not-this-one' });
  await wrong.ready();
  const error: unknown = await wrong.state
    .reserve({ id: 'h2', claims: [CLAIM], memo: () => '' })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  expect(JSON.stringify(error) + String((error as Error).cause)).not.toContain('not-this-one');
  await wrong.dispose();
  await server.stop();
});
