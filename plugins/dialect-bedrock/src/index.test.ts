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

test('name and version are those of the package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([pkg.name, pkg.version, '^1']);
});

test('there are no options, and none is accepted', () => {
  expect(() => plugin.options.parse({ region: 'us-east-1' })).toThrow(/region/);
});

test('dialect and surfaces are these', async () => {
  const { dialects, surfaces } = await setUp();
  expect(dialects.map(({ id, operation, requestHeaders }) => [id, operation, requestHeaders])).toEqual([
    ['bedrock-converse', 'chat', []],
  ]);
  expect(surfaces.map(({ dialect, method, path }) => [dialect, method, path])).toEqual([
    ['bedrock-converse', 'POST', '/model/:modelId/converse'],
    ['bedrock-converse', 'POST', '/model/:modelId/converse-stream'],
  ]);
  const heads = surfaces.map((surface) => surface.head?.({ modelId: 'a/b:0' }, new URLSearchParams()));
  expect(heads).toEqual([
    { model: 'a/b:0', stream: false },
    { model: 'a/b:0', stream: true },
  ]);
});

test('bodies pass as they are: nothing in them depends on the target', async () => {
  const { codec } = (await setUp()).dialects[0] as Dialect;
  const body = outlineOf(Buffer.from('{"messages":[]}'));
  expect(codec.readHead(body)).toEqual({ stream: false });
  expect(codec.editRequest(body, { model: 'm', usage: true })).toEqual({ edits: [], usageInjected: false });
  expect(codec.editResponse(body, { model: 'm' })).toEqual([]);
});

test('a whole answer is summed up without reading its content', async () => {
  const { codec } = (await setUp()).dialects[0] as Dialect;
  const usage = {
    inputTokens: 1,
    outputTokens: 2,
    cacheWriteInputTokens: 5,
    cacheDetails: [{ ttl: '1h', inputTokens: 2 }],
  };
  const answer = { output: { message: {} }, stopReason: 'guardrail_intervened', usage };
  expect(codec.summarize(outlineOf(Buffer.from(JSON.stringify(answer))))).toMatchObject({
    stop: { reason: 'content-filter' },
    usage: { input: 1, output: 2, cacheWrite5m: 3, cacheWrite1h: 2, raw: { value: usage } },
  });
  const error = { __type: 'ThrottlingException', message: 'No.' };
  expect(codec.summarize(outlineOf(Buffer.from(JSON.stringify(error))))).toEqual({
    error: { status: 429, message: 'No.', type: 'ThrottlingException' },
  });
});
