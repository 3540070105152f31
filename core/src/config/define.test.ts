/** What the compiler says about TypeScript configurations; `tsc` judges the lines marked as errors. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { definePlugin } from '../plugin.ts';
import { secret } from '../secret.ts';
import { defineConfig, use } from './define.ts';
import { loadConfig } from './load.ts';

const provider = definePlugin({
  name: '@acme/provider',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({ apiKey: secret(), pace: z.number().default(3) }),
  setup() {},
});
const simple = definePlugin({
  name: '@acme/simple',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({ loud: z.boolean().optional() }),
  setup() {},
});

const bare = definePlugin({
  name: '@acme/bare',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup() {},
});

test('options are checked against the schema of the plugin', () => {
  use(provider, { apiKey: 'k' });
  use(provider, { apiKey: 'k', pace: 5 });
  use(bare);
  use(simple);
  use(simple, {});
  use(simple, { loud: true });
  // @ts-expect-error apiKey is required
  use(provider, {});
  // @ts-expect-error options are required
  use(provider);
  // @ts-expect-error it has no options
  use(bare, { loud: true });
  // @ts-expect-error pace is a number
  use(provider, { apiKey: 'k', pace: '5' });
  // @ts-expect-error there is no such option
  use(simple, { lod: true });
  expect(use(simple)).toEqual({ use: simple });
});

test('so is the configuration', () => {
  defineConfig({ models: { a: { targets: ['p/m', { provider: 'p', model: 'm', weight: 2 }] } } });
  // @ts-expect-error there is no such section
  defineConfig({ modles: {} });
  // @ts-expect-error a target has a model
  defineConfig({ models: { a: { targets: [{ provider: 'p' }] } } });
  // @ts-expect-error that is no choice
  defineConfig({ models: { a: { targets: ['p/m'], unsupported: 'ignore' } } });
  const config = { listen: { port: 1 } };
  expect(defineConfig(config)).toBe(config);
});

test('what was written loads', async () => {
  const value = defineConfig({
    listen: { port: 0 },
    timeouts: { total: '2m', idle: 500 },
    plugins: [
      use(provider, { apiKey: '${env:KEY}' }),
      { ...use(provider, { apiKey: 'k' }), id: 'second', if: 'env.SECOND' },
      process.platform === 'sunos' ? use(simple) : undefined,
    ],
    models: { a: { targets: ['provider/m'] } },
  });
  const result = await loadConfig({ value, cwd: '/', env: { KEY: 'from-env' } });
  expect(result).toMatchObject({
    config: {
      plugins: [{ use: '(inline)', id: 'provider', plugin: provider, options: { apiKey: 'from-env', pace: 3 } }],
      skipped: [{ what: 'plugin second', condition: 'env.SECOND', position: { path: 'plugins[1]' } }],
      models: [{ name: 'a', targets: [{ timeouts: { total: 120_000, idle: 500 } }] }],
    },
  });
  expect('config' in result && result.config.file).toBeFalsy();
});
