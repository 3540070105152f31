/** The plugin keeps the contract. */
import { readFileSync } from 'node:fs';
import { isPlugin } from '@gatewright/core';
import { expect, test } from 'vitest';
import plugin from './index.ts';

test('the package default-exports a plugin that says its own name and version', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version]).toEqual([pkg['name'], pkg['version']]);
  expect(plugin.provides).toEqual(['store']);
});

const url = 'postgres://localhost/gatewright';

test.each([
  {},
  { url, schema: 'a; DROP TABLE records' },
  { url, schema: 'Upper' },
  { url, poolSize: 0 },
  { url, unknown: 1 },
])('options %j are refused', (options) => {
  expect(plugin.options.safeParse(options).success).toBe(false);
});

test('only the address is needed', () => {
  expect(plugin.options.parse({ url })).toEqual({ url, schema: 'gatewright', poolSize: 10, timeout: 5000 });
});
