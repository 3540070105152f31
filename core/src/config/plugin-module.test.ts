/** Modules that are no plugins, or not for this core. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { definePlugin, type Plugin } from '../plugin.ts';
import { folderWith, saidOf } from './folder.test.fixture.ts';
import { defaultId, loadPlugin, pluginFault, type Importer } from './plugin-module.ts';

const plugin = definePlugin({
  name: '@acme/guard',
  version: '1.2.3',
  engine: '^1',
  options: z.strictObject({}),
  setup() {},
});
const folder = folderWith({ 'guard.js': '' });
const load = (module: Readonly<Record<string, unknown>>): Promise<unknown> =>
  loadPlugin('./guard.js', folder, () => Promise.resolve(module));
const DEFINE = 'end the file with: export default definePlugin({ … })';

describe('the default export', () => {
  test('is the plugin', async () => {
    expect(await load({ default: plugin })).toBe(plugin);
    expect(await load({ default: { __esModule: true, default: plugin } })).toBe(plugin);
  });

  test.each([
    [{}, './guard.js has no default export', DEFINE],
    [
      { guard: plugin },
      './guard.js has no default export',
      'it exports a plugin as "guard"; make that the default export',
    ],
    [{ default: () => plugin }, 'the default export of ./guard.js is a function, and not a plugin', DEFINE],
    [{ default: 'guard' }, 'the default export of ./guard.js is a string, and not a plugin', DEFINE],
    [{ default: null }, 'the default export of ./guard.js is empty, and not a plugin', DEFINE],
    [{ default: { ...plugin, [Symbol.for('gatewright.plugin')]: undefined, name: 'x' } }, undefined, undefined],
  ])('%#', async (module, message, help) => {
    if (message === undefined) expect(await load(module)).toMatchObject({ name: 'x' });
    else expect(await load(module)).toEqual({ message, help });
  });

  test('an import that fails is explained', async () => {
    const importer: Importer = () => Promise.reject(new Error('no port\nand more'));
    expect(await loadPlugin('./guard.js', folder, importer)).toMatchObject({
      message: expect.stringContaining('./guard.js threw an error while it was imported: no port ('),
    });
  });
});

describe('what a plugin must have', () => {
  const made = (change: object): Plugin => ({ ...plugin, ...change });
  const complete =
    'definePlugin wants name, version and engine as strings, options as a zod 4 object, and setup as a function';

  test.each([
    [{ setup: undefined }, '@acme/guard is not a complete plugin: setup missing or of the wrong kind', complete],
    [
      { name: '', version: 1 },
      'the plugin is not a complete plugin: name, version missing or of the wrong kind',
      complete,
    ],
    [{ options: z.string() }, '@acme/guard is not a complete plugin: options missing or of the wrong kind', complete],
    [{ options: {} }, '@acme/guard is not a complete plugin: options missing or of the wrong kind', complete],
    [{ options: undefined }, '@acme/guard is not a complete plugin: options missing or of the wrong kind', complete],
    [
      { engine: '^2' },
      '@acme/guard 1.2.3 was written for engine "^2", and this core has 1.0.0',
      'install a version of @acme/guard that fits, or another version of @gatewright/core',
    ],
    [{ engine: 'new' }, '@acme/guard has an engine range that cannot be read: "new"', 'write it like "^1"'],
  ])('%#', (change, message, help) => {
    expect(pluginFault(made(change))).toEqual({ message, help });
  });

  test('nothing is wrong with a good one', () => {
    expect(pluginFault(plugin)).toBeUndefined();
    expect(defaultId(plugin)).toBe('guard');
    expect(defaultId({ ...plugin, id: 'own' })).toBe('own');
  });
});

test('the place of a plugin that is none is where the configuration names it', async () => {
  const files = { 'house.ts': 'export const plugin = 1;\nexport default class House {}\n' };
  expect(await saidOf('plugins:\n  - id: house\n    use: ./house.ts\n', { files })).toBe(
    'gatewright.yaml:3:10  plugins[0].use  house: the default export of ./house.ts is a function, and not a plugin\n' +
      `    help: ${DEFINE}`,
  );
});
