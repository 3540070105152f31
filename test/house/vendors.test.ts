/** Tests of the vendor rule, first on planted files, then on the repository. */
import { expect, test } from 'vitest';
import { lines } from './finding.ts';
import { readTree } from './tree.ts';
import { vendors, vendorsInCore } from './vendors.ts';

const plugin = { path: 'plugins/provider-acme-compatible/package.json', text: '{}' };

test('a new plugin folder makes its vendor unmentionable, but not the plain words beside it', () => {
  expect(vendors([plugin])).toContain('acme');
  expect(vendors([plugin])).not.toContain('compatible');
});

test.each([
  ['code', 'core/src/route.ts', 'export const isOpenAI = 1;'],
  ['a string', 'core/src/chat/part.ts', 'export const origin = "acme-chat";'],
  ['a comment', 'core/src/route.ts', '/** As Anthropic does. */'],
  ['camel case', 'core/src/route.ts', 'export const cohereChat = 1;'],
])('a vendor in %s of the core is found', (_where, path, text) => {
  expect(vendorsInCore([plugin, { path, text }])).toHaveLength(1);
});

test.each([
  ['a comment of the neutral form', 'core/src/chat/part.ts', "/** Anthropic's word. */"],
  ['a test', 'core/src/route.test.ts', 'const model = "openai/x";'],
  ['a longer plain word', 'core/src/route.ts', '/** A coherent order. */'],
  ['a plugin', 'plugins/provider-acme-compatible/src/index.ts', 'export const name = "acme";'],
])('a vendor in %s is not', (_where, path, text) => {
  expect(vendorsInCore([plugin, { path, text }])).toEqual([]);
});

test('core/src names no vendor', () => {
  expect(lines(vendorsInCore(readTree()))).toEqual([]);
});
