/** Tests of the bundles: they hold the same plugins, and gateways start and serve from them. Needs a build. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnCommand } from '../../core/src/cli/process.test.kit.ts';
import { pluginNames } from '../docs/plugins.ts';
import { packageName, ROOT } from '../house/tree.ts';
import { bundle, CONDITION } from './bundler.ts';

const FLAG = `--conditions=${CONDITION}`;
let folder = '';

beforeAll(() => {
  // Plugins are looked for from where the configuration is.
  mkdirSync(join(ROOT, 'test/.blocks'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'test/.blocks/bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('every plugin is the same as in its many files, and has the zod of the core', () => {
  const names = pluginNames().map(packageName);
  const file = join(folder, 'look.mjs');
  writeFileSync(
    file,
    `import * as shared from '@gatewright/core/bundled-zod';
    const found = {};
    for (const name of ${JSON.stringify(names)}) {
      const { default: plugin } = await import(name);
      const isBundle = import.meta.resolve(name).includes('/bundle/');
      found[name] = [plugin.name, isBundle, plugin.options instanceof shared.z.ZodObject];
    }
    process.stdout.write(JSON.stringify(found));`,
  );
  const found = JSON.parse(execFileSync(process.execPath, [FLAG, file], { encoding: 'utf8' })) as object;
  expect(found).toEqual(Object.fromEntries(names.map((name) => [name, [name, true, true]])));
});

const CONFIG = `
plugins:
  - use: '@gatewright/dialect-openai'
  - { use: '@gatewright/auth-static', isolate: true, with: { keys: [{ key: gw-0123456789abcdef, id: one, user: ada }] } }
  - { use: '@gatewright/store-sqlite', with: { path: records.db } }
  - use: '@gatewright/provider-simulated'
models:
  echo: { targets: [simulated/echo] }
`;

test.each([
  ['one process', []],
  ['two workers', ['--workers', '2']],
])('a gateway serves from the bundles: %s', async (_how, words) => {
  // An isolated plugin keeps no workers from being used, and its thread is found among the bundles.
  writeFileSync(join(folder, 'gatewright.yaml'), CONFIG);
  const gateway = spawnCommand(folder, ['start', '--port', '0', ...words], [FLAG]);
  const url = await gateway.url();
  const ask = (key: string): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'Hello' }] }),
    });
  expect((await ask('gw-0123456789abcdef')).status).toBe(200);
  expect((await ask('another')).status).toBe(401);
  gateway.kill('SIGTERM');
  expect((await gateway.ended).code).toBe(0);
});

test('a provider is asked from the bundles, which do without HTTP/2', async () => {
  const provider = createServer((request, reply) => {
    request.resume();
    const message = { role: 'assistant', content: `asked at ${request.url}` };
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify({ id: 'one', object: 'chat.completion', choices: [{ index: 0, message }] }));
  });
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  const { port } = provider.address() as AddressInfo;
  const plugins = [
    { use: '@gatewright/dialect-openai' },
    { use: '@gatewright/provider-openai', with: { apiKey: 'one', baseUrl: `http://127.0.0.1:${port}/v1` } },
  ];
  // JSON is YAML.
  writeFileSync(
    join(folder, 'provider.yaml'),
    JSON.stringify({ plugins, models: { any: { targets: ['openai/any'] } } }),
  );
  const gateway = spawnCommand(folder, ['start', '-c', 'provider.yaml', '--port', '0'], [FLAG]);
  const body = JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Hello' }] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${await gateway.url()}/v1/chat/completions`, { method: 'POST', headers, body });
  expect(await answer.text()).toContain('asked at /v1/chat/completions');
  gateway.kill('SIGTERM');
  expect((await gateway.ended).code).toBe(0);
  provider.close();
  const shared = join(ROOT, 'core/bundle/shared');
  const files = readdirSync(shared).map((file) => readFileSync(join(shared, file), 'utf8'));
  expect(files.filter((text) => text.includes('undici/lib/dispatcher/pool.js'))).toHaveLength(1);
  expect(files.filter((text) => text.includes("'node:http2'") || text.includes('"node:http2"'))).toEqual([]);
});

test('Koa still knows media types by their extensions', async () => {
  writeFileSync(
    join(folder, 'pages.mjs'),
    `import { definePlugin } from '@gatewright/core';
    import { z } from 'zod';
    export default definePlugin({
      name: 'pages', version: '1.0.0', engine: '^1', options: z.strictObject({}),
      setup: ({ http }) => http.route('GET', '/page', (context) => {
        context.type = 'html';
        context.body = String(context.request.accepts('png', 'svg'));
      }),
    });`,
  );
  const plugins = ['@gatewright/dialect-openai', '@gatewright/provider-simulated', './pages.mjs'].map((use) => ({
    use,
  }));
  const models = { any: { targets: ['simulated/sim'] } };
  writeFileSync(join(folder, 'pages.yaml'), JSON.stringify({ plugins, models }));
  const gateway = spawnCommand(folder, ['start', '-c', 'pages.yaml', '--port', '0'], [FLAG]);
  const answer = await fetch(`${await gateway.url()}/page`, { headers: { accept: 'image/svg+xml' } });
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await answer.text()).toBe('svg');
  gateway.kill('SIGTERM');
  expect((await gateway.ended).code).toBe(0);
});

test('a mistake in a configuration is told with its place', async () => {
  writeFileSync(join(folder, 'wrong.yaml'), "plugins:\n  - use: '@gatewright/limits'\n    with: { rulez: [] }\n");
  const { code, err } = await spawnCommand(folder, ['start', '-c', 'wrong.yaml'], [FLAG]).ended;
  expect(err).toContain('wrong.yaml:3');
  expect(err).toContain('rules');
  expect(err).not.toContain('    at ');
  expect(code).toBe(1);
});

test('names of the code stay, and no text makes a file take twice its memory', () => {
  const text = readFileSync(join(ROOT, 'plugins/limits/bundle/index.js'), 'utf8');
  expect(text).toContain('definePlugin');
  // oxlint-disable-next-line no-control-regex -- ASCII begins with control characters
  expect(text).toMatch(/^[\0-\x7f]*$/);
});

test('a thread loads one file: what it needs of the core is in it', () => {
  const text = readFileSync(join(ROOT, 'plugins/store-sqlite/bundle/thread.js'), 'utf8');
  const asked = [...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name);
  expect(asked.filter((name) => name?.startsWith('node:') !== true)).toEqual([]);
  expect(text).toContain('function usageRowFromJson(');
  expect(text.length).toBeLessThan(100_000);
});

test('a package that was not built is named', async () => {
  const nothing = { folder: 'test/bundle', input: { index: 'index.js' }, inlined: [], shared: '', whole: [] };
  await expect(bundle(nothing)).rejects.toThrow('test/bundle was not built: run "tsc -b" first.');
});
