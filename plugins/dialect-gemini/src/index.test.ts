/** The plugin keeps the contract: what it is called, what it takes and what it registers. */
import { readFileSync } from 'node:fs';
import { isPlugin, type Dialect, type SetupContext, type Surface } from '@gatewright/core';
import { expect, test } from 'vitest';
import plugin from './index.ts';

/** Sets the plugin up with a stand-in that knows dialects and surfaces, and fails on anything else. */
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

test('name and version are those of the package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([pkg.name, pkg.version, '^1']);
});

test('options are strict', () => {
  expect(() => plugin.options.parse({ model: 'x' })).toThrow(/model/);
});

test('dialects are these, and each has surfaces', async () => {
  const { dialects, surfaces } = await setUp();
  expect(dialects.map(({ id, operation }) => [id, operation])).toEqual([
    ['gemini-generate', 'chat'],
    ['gemini-generate-array', 'chat'],
    ['gemini-count-tokens', 'count-tokens'],
    ['gemini-embed', 'embeddings'],
    ['gemini-batch-embed', 'embeddings'],
    ['gemini-predict', 'embeddings'],
    ['gemini-models', 'models'],
    ['gemini-model', 'models'],
  ]);
  for (const { id } of dialects) expect(surfaces.some(({ dialect }) => dialect === id)).toBe(true);
  expect(new Set(surfaces.map(({ id }) => id)).size).toBe(surfaces.length);
});

test('no credential goes on', async () => {
  const { dialects } = await setUp();
  for (const { requestHeaders } of dialects) {
    expect(requestHeaders).not.toContain('x-goog-api-key');
    expect(requestHeaders).not.toContain('x-goog-');
    expect(requestHeaders).not.toContain('authorization');
  }
});
