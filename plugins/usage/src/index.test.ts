/** The plugin keeps the contract; every attempt through a gateway with it has exactly one row. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGateway,
  definePlugin,
  isPlugin,
  silentLogger,
  type Gateway,
  type Plugin,
  type Store,
} from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import providerSimulated from '@gatewright/provider-simulated';
import storeSqlite from '@gatewright/store-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

test('the package default-exports a plugin that says its own name and version', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.uses]).toEqual([pkg['name'], pkg['version'], ['store']]);
});

test.each([{ journal: '' }, { segmentSize: 1 }, { orphans: 'all' }, { unknown: 1 }])(
  'options %j are refused',
  (options) => {
    expect(plugin.options.safeParse(options).success).toBe(false);
  },
);

let folder: string;
let gateway: Gateway | undefined;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-usage-'));
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  rmSync(folder, { recursive: true });
});

const helper = definePlugin({
  name: 'test-helper',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  uses: ['store'],
  setup({ hooks, use }) {
    store = use('store');
    hooks.auth.tap(() => ({ key: 'key-1', team: 'core', tags: ['x'] }));
    hooks.meter.reserve.tap(() => ({
      claims: [
        { scope: 'team:core', unit: 'requests', kind: 'limit', window: { kind: 'total', name: 'total' }, amount: 1n },
      ],
    }));
  },
}) as Plugin;

async function start(): Promise<Gateway> {
  const { default: stateMemory } = await import('@gatewright/state-memory');
  const plugins = [
    { use: dialectOpenai as Plugin },
    { use: providerSimulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    { use: prices as Plugin, with: { overrides: [{ model: 'smart', input: '1', output: '2' }], unpriced: 'ignore' } },
    { use: storeSqlite as Plugin, with: { path: join(folder, 'records.db') } },
    { use: stateMemory as Plugin },
    { use: helper },
    { use: plugin as Plugin, with: { journal: join(folder, 'journal'), durable: true } },
  ];
  const models = {
    smart: { targets: ['simulated/smart'] },
    shaky: { targets: ['simulated/error-503'], fallbacks: ['smart'] },
  };
  gateway = await createGateway({ retries: 0, models, plugins }, { logger: silentLogger });
  return gateway;
}

const ask = (model: string, stream = false): Promise<{ statusCode: number; payload: string }> =>
  (gateway as Gateway).inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hi' }] }),
  });

test('whole answers, streams, failures and failovers: a row for every attempt, and the cost of each', async () => {
  await start();
  const whole = await ask('smart');
  expect(whole.statusCode).toBe(200);
  await ask('smart', true);
  await ask('shaky');
  const { usage } = JSON.parse(whole.payload) as { usage: { prompt_tokens: number; completion_tokens: number } };
  await gateway?.close();
  await start();
  const rows = (await store.usage({})).toReversed();
  expect(rows.map(({ upstreamModel, result, stream }) => `${upstreamModel} ${result} ${stream}`)).toEqual([
    'smart success false',
    'smart success true',
    'error-503 error false',
    'smart success false',
  ]);
  expect(rows[0]).toMatchObject({
    type: 'final',
    key: 'key-1',
    team: 'core',
    tags: ['x'],
    operation: 'chat',
    surface: 'openai-chat',
    model: 'smart',
    provider: 'simulated',
    nanos: BigInt(usage.prompt_tokens * 1000 + usage.completion_tokens * 2000),
    usage: { input: usage.prompt_tokens, output: usage.completion_tokens },
  });
  expect(rows[2]).toMatchObject({ status: 503, error: { code: 'GW_UPSTREAM_ERROR' } });
  expect(new Set(rows.map(({ id }) => id)).size).toBe(4);
});

test('nothing is left in the journal when the gateway has closed', async () => {
  await start();
  await Promise.all(Array.from({ length: 30 }, () => ask('smart')));
  await gateway?.close();
  gateway = undefined;
  expect(readdirSync(join(folder, 'journal'))).toEqual([]);
  await start();
  expect(await store.report({}, ['team'])).toMatchObject([{ group: { team: 'core' }, requests: 30, failures: 0 }]);
});
