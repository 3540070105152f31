/** The plugin keeps the contract: what it is called, what it takes and what it registers. */
import { readFileSync } from 'node:fs';
import { isPlugin, type Dialect, type SetupContext, type Surface } from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';
import { dropping } from './wire.test.kit.ts';

/** Sets the plugin up with a stand-in that knows dialects and surfaces, and fails on anything else. */
async function setUp(
  options: z.input<typeof plugin.options> = {},
): Promise<{ dialects: Dialect[]; surfaces: Surface[] }> {
  const dialects: Dialect[] = [];
  const surfaces: Surface[] = [];
  const context = {
    dialect: (dialect: Dialect) => dialects.push(dialect),
    surface: (surface: Surface) => surfaces.push(surface),
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(options));
  return { dialects, surfaces };
}

test('name and version are those of the package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([pkg.name, pkg.version, '^1']);
});

test('options are strict, and every one is described', () => {
  expect(() => plugin.options.parse({ maxTokens: 1 })).toThrow(/maxTokens/);
  for (const value of [0, -1, 1.5, '8192'])
    expect(plugin.options.safeParse({ defaultMaxTokens: value }).success).toBe(false);
  const { properties } = z.toJSONSchema(plugin.options, { io: 'input' }) as {
    properties: Record<string, { description?: string }>;
  };
  expect(Object.keys(properties)).toEqual(['defaultMaxTokens']);
  for (const { description } of Object.values(properties)) expect(description).toMatch(/\.$/);
});

test('dialects and surfaces are these', async () => {
  const { dialects, surfaces } = await setUp();
  expect(dialects.map(({ id, operation }) => [id, operation])).toEqual([
    ['anthropic-messages', 'chat'],
    ['anthropic-count-tokens', 'count-tokens'],
    ['anthropic-models', 'models'],
    ['anthropic-model', 'models'],
  ]);
  expect(surfaces.map(({ dialect, method, path }) => [dialect, method, path])).toEqual([
    ['anthropic-messages', 'POST', '/v1/messages'],
    ['anthropic-count-tokens', 'POST', '/v1/messages/count_tokens'],
    ['anthropic-models', 'GET', '/v1/models'],
    ['anthropic-model', 'GET', '/v1/models/:model'],
  ]);
  for (const surface of surfaces) expect(surface.credentialHeaders).toEqual(['x-api-key']);
});

test('the model list is for clients that send an anthropic-version', async () => {
  const { surfaces } = await setUp();
  const [messages, , models, model] = surfaces;
  expect(messages?.when).toBeUndefined();
  for (const surface of [models, model]) {
    expect(surface?.when?.({ 'anthropic-version': '2023-06-01' })).toBe(true);
    expect(surface?.when?.({ authorization: 'Bearer sk' })).toBe(false);
  }
  expect(models?.request?.({}, new URLSearchParams())).toEqual({});
  expect(model?.request?.({ model: 'smart' }, new URLSearchParams())).toEqual({ id: 'smart' });
});

test('version and betas go on, credentials do not; request id and rate limits come back', async () => {
  const { dialects } = await setUp();
  for (const { requestHeaders, replyHeaders } of dialects) {
    expect(requestHeaders).toEqual(expect.arrayContaining(['anthropic-version', 'anthropic-beta']));
    expect(requestHeaders).not.toContain('x-api-key');
    expect(replyHeaders).toEqual(
      expect.arrayContaining(['request-id', 'retry-after', 'anthropic-organization-id', 'anthropic-ratelimit-']),
    );
  }
});

test('defaultMaxTokens stands in requests that set no limit', async () => {
  const request = { model: 'm', stream: false, messages: [] };
  for (const [options, limit] of [
    [{}, 32_000],
    [{ defaultMaxTokens: 8192 }, 8192],
  ] as const) {
    const { dialects } = await setUp(options);
    expect(dialects[0]?.codec.encodeRequest(request, dropping())).toMatchObject({ max_tokens: limit });
  }
});
