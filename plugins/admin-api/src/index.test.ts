/** The plugin keeps the contract, and serves its routes where models are or on a listener of its own. */
import { readFileSync } from 'node:fs';
import { isPlugin, silentLogger, type SetupContext } from '@gatewright/core';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';
import { ADMIN_KEY, startRig, until, type Rig } from './rig.test.kit.ts';

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

test('is a plugin with the name and version of its package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([pkg['name'], pkg['version'], '^1']);
  expect(plugin.uses).toEqual(['store', 'keys']);
});

test('takes no unknown option, and describes every one', () => {
  const schema = z.toJSONSchema(plugin.options, { io: 'input' }) as {
    additionalProperties: boolean;
    properties: Record<string, { description?: string }>;
  };
  expect(schema.additionalProperties).toBe(false);
  expect(Object.values(schema.properties).every(({ description = '' }) => description.length > 10)).toBe(true);
});

test.each([{ port: 4001 }, { listen: {} }, { listen: { port: 70_000 } }, { bodyLimit: 1 }])(
  'options %j are refused',
  (options) => {
    expect(plugin.options.safeParse(options).success).toBe(false);
  },
);

test('registers routes and nothing else: no hook, no middleware', async () => {
  const routes: string[] = [];
  const context = {
    http: { route: (method: string, path: string) => routes.push(`${method} ${path}`) },
    use: () => ({ records: {} }),
    useIfPresent: () => undefined,
    models: () => [],
    clock: { now: () => 0 },
    log: silentLogger,
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse({}));
  expect(routes).toContain('POST /key/generate');
  expect(routes).toContain('GET /openapi.json');
  expect(routes).not.toContain('GET /health');
  expect(new Set(routes).size).toBe(routes.length);
});

test('on a listener of its own, management is there and not where models are', async () => {
  rig = await startRig({ listen: { port: 0 } });
  const port = await until(
    () => Promise.resolve(/"port":(\d+)/.exec(rig?.logged() ?? '')?.[1]),
    (found) => found !== undefined,
  );
  const ask = (
    path: string,
    method = 'GET',
    headers: Record<string, string> = { authorization: `Bearer ${ADMIN_KEY}` },
  ) => fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
  const list = await ask('/key/list');
  expect([list.status, await list.json()]).toMatchObject([200, { keys: [] }]);
  expect((await ask('/key/list', 'GET', {})).status).toBe(401);
  expect((await ask('/key/list', 'PUT')).status).toBe(405);
  expect((await ask('/key/nowhere')).status).toBe(404);
  expect((await ask('/key/%zz/regenerate', 'POST')).status).toBe(404);
  expect((await ask('/health', 'GET', {})).status).toBe(200);
  expect((await ask('/v1/models')).status).toBe(404);
  const elsewhere = await rig.gateway.inject({
    method: 'GET',
    url: '/key/list',
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  expect(elsewhere.statusCode).toBe(404);
});

test('the listener outlives a reload and serves the new routes', async () => {
  rig = await startRig({ listen: { port: 0 } });
  const port = /"port":(\d+)/.exec(rig.logged())?.[1];
  const agreed = await fetch(`http://127.0.0.1:${port}/health/readiness`);
  expect(await agreed.json()).toEqual({ status: 'ok', store: 'ok', state: 'ok' });
  await rig.reload({ listen: { port: 0 }, openapi: false });
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  expect((await fetch(`http://127.0.0.1:${port}/key/list`, { headers })).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/openapi.json`, { headers })).status).toBe(404);
});
