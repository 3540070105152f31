/** The plugin keeps the contract: what it is called, what it takes and what it registers. */
import { readFileSync } from 'node:fs';
import { isPlugin, type Dialect, type SetupContext, type Surface } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
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

const outline = (value: unknown) => outlineOf(Buffer.from(JSON.stringify(value)));

test('name and version are those of the package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([pkg.name, pkg.version, '^1']);
});

test('options are strict, and every one is described', () => {
  expect(() => plugin.options.parse({ inputType: 'search_query' })).toThrow(/inputType/);
  expect(() => plugin.options.parse({ defaultInputType: 'image' })).toThrow(/search_document/);
  for (const [name, field] of Object.entries(plugin.options.shape)) {
    expect((field as { description?: string }).description, name).toMatch(/\.$/);
  }
});

test('dialects and surfaces are these', async () => {
  const { dialects, surfaces } = await setUp();
  expect(dialects.map(({ id, operation, requestHeaders }) => [id, operation, requestHeaders])).toEqual([
    ['cohere-chat', 'chat', ['x-client-name']],
    ['cohere-embed', 'embeddings', ['x-client-name']],
    ['cohere-rerank', 'rerank', ['x-client-name']],
    ['voyage-rerank', 'rerank', []],
  ]);
  expect(surfaces.map(({ dialect, method, path }) => [dialect, method, path])).toEqual([
    ['cohere-chat', 'POST', '/v2/chat'],
    ['cohere-embed', 'POST', '/v2/embed'],
    ['cohere-rerank', 'POST', '/v2/rerank'],
    ['cohere-rerank', 'POST', '/v1/rerank'],
    ['cohere-rerank', 'POST', '/rerank'],
  ]);
});

test('the head is read off the body, and another model name is put where it stands', async () => {
  const { codec } = (await setUp()).dialects[0] as Dialect;
  const body = outline({ model: 'smart', stream: true, messages: [] });
  expect(codec.readHead(body)).toEqual({ model: 'smart', stream: true });
  const { edits, usageInjected } = codec.editRequest(body, { model: 'command-a', usage: true });
  expect([edits, usageInjected]).toEqual([[{ start: 9, end: 16, text: '"command-a"' }], false]);
  expect(codec.editRequest(body, { model: 'smart', usage: true }).edits).toEqual([]);
  expect(codec.editResponse(body, { model: 'm' })).toEqual([]);
});

test('only a chat can be streamed', async () => {
  const { dialects } = await setUp();
  const body = outline({ model: 'm', stream: true });
  expect(dialects.map(({ codec }) => codec.readHead(body).stream)).toEqual([true, false, false, false]);
  expect(dialects.map(({ codec }) => codec.stream !== undefined)).toEqual([true, false, false, false]);
});

test('a rerank that names its model reports another one, and one that does not reports none', async () => {
  const { codec } = (await setUp()).dialects[2] as Dialect;
  expect(codec.editResponse(outline({ model: 'jina', results: [] }), { model: 'rerank' })).toEqual([
    { start: 9, end: 15, text: '"rerank"' },
  ]);
  expect(codec.editResponse(outline({ results: [] }), { model: 'rerank' })).toEqual([]);
});
