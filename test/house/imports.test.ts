/** Tests of the import rules, first on planted files, then on the repository. */
import { expect, test } from 'vitest';
import { lines } from './finding.ts';
import { homelessImports, sideDoors, undeclaredPackages } from './imports.ts';
import { readTree, type TextFile } from './tree.ts';

const manifest = (folder: string, more: object): TextFile => ({
  path: `${folder}/package.json`,
  text: JSON.stringify({ name: `@gatewright/${folder.replace('plugins/', '')}`, ...more }),
});
const packages = [
  manifest('core', { exports: { '.': './src/index.ts', './wire': './src/wire.ts' } }),
  manifest('plugins/acme', { exports: { '.': './src/index.ts' }, dependencies: { zod: '1.0.0' } }),
  manifest('plugins/other', { exports: { '.': './src/index.ts' }, devDependencies: { zod: '1.0.0' } }),
];
const plant = (path: string, text: string): TextFile[] => [...packages, { path, text }];

test.each([
  ['core/src/kernel.ts', "import { SyncHook } from 'tapable';"],
  ['core/src/kernel.ts', "import { type Context } from 'koa';"],
  ['core/src/kernel.ts', "export * from 'undici';"],
  ['plugins/acme/src/index.ts', "const Koa = (await import('koa')).default;"],
  ['plugins/acme/src/index.ts', "import Router from '@koa/router';"],
])('%s may not say %s', (path, text) => {
  expect(homelessImports(plant(path, text))).toHaveLength(1);
});

test.each([
  ['core/src/hooks/engine.ts', "import { SyncHook } from 'tapable';"],
  ['core/src/http/edge.ts', "import Koa from 'koa'; import { Pool } from 'undici';"],
  ['core/src/plugin.ts', "import type { Context } from 'koa';"],
  ['core/src/plugin.ts', "export type Ctx = import('koa').Context;"],
  ['core/src/kernel.test.ts', "import Koa from 'koa';"],
])('%s may say %s', (path, text) => {
  expect(homelessImports(plant(path, text))).toEqual([]);
});

test.each([
  ['plugins/acme/src/index.ts', "import { Kernel } from '../../../core/src/kernel.ts';"],
  ['plugins/acme/src/index.ts', "import { x } from '../../other/src/index.ts';"],
  ['plugins/acme/src/index.ts', "import { x } from '@gatewright/core/src/kernel.ts';"],
  ['plugins/acme/src/index.ts', "import type { x } from '@gatewright/other/dist/inner.js';"],
  ['plugins/acme/src/index.test.ts', "import { x } from '../../other/src/index.ts';"],
  ['core/src/kernel.ts', "import other from '@gatewright/other';"],
  ['core/src/kernel.ts', "import other from '../../plugins/other/src/index.ts';"],
  ['core/src/kernel/boot.ts', "const { page } = await import('../cli/plan-page.ts');"],
])('%s may not reach in by %s', (path, text) => {
  expect(sideDoors(plant(path, text))).toHaveLength(1);
});

test.each([
  ['plugins/acme/src/index.ts', "import { x } from '@gatewright/core/wire'; import y from './y.ts';"],
  ['plugins/acme/src/index.ts', "import other from '@gatewright/other';"],
  ['core/src/sse/frame.ts', "import { x } from '../clock.ts';"],
  ['core/src/cli/keys/keys.ts', "import { count } from '../count.ts';"],
  ['core/src/kernel/boot.test.ts', "import { runIn } from '../cli/terminal.test.kit.ts';"],
])('%s may come in by %s', (path, text) => {
  expect(sideDoors(plant(path, text))).toEqual([]);
});

test('a package that package.json does not declare, or only for development, is found', () => {
  const said = (path: string): string[] => lines(undeclaredPackages(plant(path, "import type { z } from 'zod/v4';")));
  expect(said('plugins/other/src/index.ts')).toEqual([
    'plugins/other/src/index.ts:1 imports "zod/v4": add zod to the dependencies of plugins/other/package.json.',
  ]);
  expect(said('plugins/acme/src/index.ts')).toEqual([]);
  expect(said('plugins/other/src/index.test.ts')).toEqual([]);
});

test('Koa, tapable and undici are imported at their homes only', () => {
  expect(lines(homelessImports(readTree()))).toEqual([]);
});

test('packages meet at their public entries only', () => {
  expect(lines(sideDoors(readTree()))).toEqual([]);
});

test('published code imports only what its package.json declares', () => {
  expect(lines(undeclaredPackages(readTree()))).toEqual([]);
});
