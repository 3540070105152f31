/** The plugin keeps the contract, and registers what its README says. */
import { readFileSync } from 'node:fs';
import { isPlugin, type Dialect, type SetupContext, type Surface } from '@gatewright/core';
import { expect, test } from 'vitest';
import plugin from './index.ts';

async function setUp(): Promise<{ dialects: Dialect[]; surfaces: Surface[]; routes: string[] }> {
  const dialects: Dialect[] = [];
  const surfaces: Surface[] = [];
  const routes: string[] = [];
  const context = {
    dialect: (dialect: Dialect) => dialects.push(dialect),
    surface: (surface: Surface) => surfaces.push(surface),
    http: { route: (method: string, path: string) => routes.push(`${method} ${path}`) },
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse({}));
  return { dialects, surfaces, routes };
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
    ['openai-responses', 'chat'],
    ['openai-responses-kept', 'kept'],
    ['openai-completions', 'completions'],
    ['openai-embeddings', 'embeddings'],
    ['openai-embeddings-float', 'embeddings'],
    ['openai-moderation', 'moderation'],
    ['openai-images', 'images'],
    ['openai-image-edits', 'image-edit'],
    ['openai-image-variations', 'image-variation'],
    ['openai-speech', 'speech'],
    ['openai-transcriptions', 'transcription'],
    ['openai-translations', 'translation'],
    ['openai-models', 'models'],
    ['openai-model', 'models'],
  ]);
  expect(plugin.supports).toMatchObject({ dialects: dialects.map(({ id }) => id) });
});

test.each([
  ['openai-chat', '/chat/completions'],
  ['openai-completions', '/completions'],
  ['openai-embeddings', '/embeddings'],
  ['openai-moderation', '/moderations'],
  ['openai-images', '/images/generations'],
  ['openai-image-edits', '/images/edits'],
  ['openai-image-variations', '/images/variations'],
  ['openai-speech', '/audio/speech'],
  ['openai-transcriptions', '/audio/transcriptions'],
  ['openai-translations', '/audio/translations'],
])('%s is asked for with and without the prefix, and at a deployment', async (dialect, path) => {
  const { surfaces } = await setUp();
  const paths = surfaces.filter((surface) => surface.dialect === dialect).map((surface) => surface.path);
  expect(paths).toEqual([`/v1${path}`, path, `/openai/deployments/:model${path}`]);
});

test('responses are asked for at the paths of all clients, and by their ids', async () => {
  const { surfaces, routes } = await setUp();
  const paths = surfaces.filter((surface) => surface.dialect === 'openai-responses').map((surface) => surface.path);
  expect(paths).toEqual(['/v1/responses', '/responses', '/openai/responses', '/openai/v1/responses']);
  const kept = surfaces.filter((surface) => surface.dialect === 'openai-responses-kept');
  expect(kept.map(({ method, path }) => `${method} ${path}`)).toEqual(
    paths.flatMap((path) => [
      `GET ${path}/:id`,
      `DELETE ${path}/:id`,
      `POST ${path}/:id/cancel`,
      `GET ${path}/:id/input_items`,
    ]),
  );
  expect(routes).toEqual([]);
});

test('every surface has an id of its own, speaks a dialect that is there, and takes a key in api-key too', async () => {
  const { dialects, surfaces } = await setUp();
  const ids = new Set(dialects.map(({ id }) => id));
  expect(surfaces.every(({ dialect }) => ids.has(dialect))).toBe(true);
  expect(surfaces.every(({ credentialHeaders }) => credentialHeaders?.includes('api-key'))).toBe(true);
  expect(new Set(surfaces.map(({ id }) => id)).size).toBe(surfaces.length);
});

test('a model list asks for all models, or for the one in the path', async () => {
  const { surfaces } = await setUp();
  const lists = surfaces.filter(({ dialect }) => dialect.startsWith('openai-model') && dialect !== 'openai-moderation');
  const asked = lists.map(({ path, request }) => [path, request?.({ model: 'gpt-5.6' }, new URLSearchParams())]);
  expect(asked).toEqual([
    ['/v1/models', {}],
    ['/v1/models/:model', { id: 'gpt-5.6' }],
    ['/models', {}],
    ['/models/:model', { id: 'gpt-5.6' }],
    ['/openai/models', {}],
    ['/openai/models/:model', { id: 'gpt-5.6' }],
  ]);
});

test('no header of the gateway’s key goes either way', async () => {
  const { dialects } = await setUp();
  const passed = dialects.flatMap(({ requestHeaders, replyHeaders }) => requestHeaders.concat(replyHeaders));
  expect(passed).not.toEqual([]);
  expect(passed.filter((name) => /authorization|api-key|organization|project|ratelimit|cookie/.test(name))).toEqual([]);
});
