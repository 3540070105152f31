/** The plugin keeps the contract, and registers what its README says. */
import { readFileSync } from 'node:fs';
import { isPlugin, type Dialect, type SetupContext, type Surface } from '@gatewright/core';
import { expect, test } from 'vitest';
import plugin from './index.ts';

async function setUp(): Promise<{ dialects: Dialect[]; surfaces: Surface[] }> {
  const dialects: Dialect[] = [];
  const surfaces: Surface[] = [];
  const context = {
    dialect: (dialect: Dialect) => dialects.push(dialect),
    surface: (surface: Surface) => surfaces.push(surface),
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse({}));
  return { dialects, surfaces };
}

test('is a plugin with the name and version of its package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([pkg.name, pkg.version, '^1']);
});

test('options are strict, and every one is described', () => {
  expect(() => plugin.options.parse({ prefix: '/v1' })).toThrow(/prefix/);
  for (const [name, field] of Object.entries(plugin.options.shape)) {
    expect((field as { description?: string }).description, name).toMatch(/\.$/);
  }
});

test('registers its dialects, which are those that it says it supports', async () => {
  const { dialects } = await setUp();
  expect(dialects.map(({ id, operation }) => [id, operation])).toEqual([
    ['openai-chat', 'chat'],
    ['openai-models', 'models'],
    ['openai-model', 'models'],
  ]);
  expect(plugin.supports).toEqual({ dialects: dialects.map(({ id }) => id) });
});

test('registers a surface for each of its paths, all of which take a key in api-key too', async () => {
  const { dialects, surfaces } = await setUp();
  expect(surfaces.map(({ method, path, dialect }) => [method, path, dialect])).toEqual([
    ['POST', '/v1/chat/completions', 'openai-chat'],
    ['POST', '/chat/completions', 'openai-chat'],
    ['POST', '/openai/deployments/:model/chat/completions', 'openai-chat'],
    ['GET', '/v1/models', 'openai-models'],
    ['GET', '/v1/models/:model', 'openai-model'],
  ]);
  const ids = new Set(dialects.map(({ id }) => id));
  expect(surfaces.every(({ dialect }) => ids.has(dialect))).toBe(true);
  expect(surfaces.every(({ credentialHeaders }) => credentialHeaders?.includes('api-key'))).toBe(true);
  expect(new Set(surfaces.map(({ id }) => id)).size).toBe(surfaces.length);
});

test('a model list asks for all models, or for the one in the path', async () => {
  const { surfaces } = await setUp();
  const requests = surfaces.slice(3).map(({ request }) => request?.({ model: 'gpt-5.6' }, new URLSearchParams()));
  expect(requests).toEqual([{}, { id: 'gpt-5.6' }]);
});

test('no header of the gateway’s key goes either way', async () => {
  const { dialects } = await setUp();
  const passed = dialects.flatMap(({ requestHeaders, replyHeaders }) => requestHeaders.concat(replyHeaders));
  expect(passed).not.toEqual([]);
  expect(passed.filter((name) => /authorization|api-key|organization|project|ratelimit|cookie/.test(name))).toEqual([]);
});
