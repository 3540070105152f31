/** The dialect plugin: what it registers. */
import { readFileSync } from 'node:fs';
import type { Dialect, SetupContext, Surface } from '@gatewright/core';
import { expect, test } from 'vitest';
import plugin from './index.ts';

test('name and version are those of the package', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as typeof plugin;
  expect([plugin.name, plugin.version]).toEqual([pkg.name, pkg.version]);
});

test('there are no options, and others are refused', () => {
  expect(plugin.options.parse({})).toEqual({});
  expect(() => plugin.options.parse({ path: '/' })).toThrow(/path/);
});

test('it registers one dialect and one surface, and sends on no headers', () => {
  const dialects: Dialect<'chat'>[] = [];
  const surfaces: Surface[] = [];
  const context = {
    dialect: (dialect: Dialect<'chat'>) => dialects.push(dialect),
    surface: (surface: Surface) => surfaces.push(surface),
  };
  void plugin.setup(context as unknown as SetupContext, {});
  expect(dialects.map(({ id, operation, requestHeaders }) => [id, operation, requestHeaders])).toEqual([
    ['ollama-chat', 'chat', []],
  ]);
  expect(surfaces).toEqual([{ id: 'ollama-chat', dialect: 'ollama-chat', method: 'POST', path: '/api/chat' }]);
});
