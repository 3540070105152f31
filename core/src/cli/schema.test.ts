/** Tests of `gatewright schema`: which plugins it knows, and where it goes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn } from './terminal.test.kit.ts';

let folder = '';
afterEach(() => removeFolder(folder));

interface Schema {
  readonly properties: {
    readonly plugins: { readonly items: { readonly properties: { readonly use: unknown }; readonly allOf: unknown[] } };
  };
}

const names = (text: string): string[] => {
  const { use } = (JSON.parse(text) as Schema).properties.plugins.items.properties;
  return (use as { anyOf: [{ enum: string[] }] }).anyOf[0].enum;
};

const plugin = (option: string): string => `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const options = z.strictObject({ ${option}: z.string().describe('What it is about.') });
export default definePlugin({ name: 'house', version: '1.0.0', engine: '^1', options, setup() {} });
`;

const manifest = (name: string, keywords: string[]): string =>
  JSON.stringify({ name, version: '1.0.0', type: 'module', keywords, exports: './index.js' });

test('knows the plugins that the configuration names, those of the scope, and dependencies that say they are plugins', async () => {
  folder = folderOf({
    'gatewright.yaml': "plugins:\n  - { use: ./house.ts, if: env.NEVER, with: { colour: '${env:UNSET}' } }\n",
    'house.ts': plugin('colour'),
    'package.json': JSON.stringify({ dependencies: { 'acme-guard': '1.0.0', 'acme-plain': '1.0.0' } }),
    'node_modules/acme-guard/package.json': manifest('acme-guard', ['gatewright-plugin']),
    'node_modules/acme-guard/index.js': plugin('strictness'),
    'node_modules/acme-plain/package.json': manifest('acme-plain', []),
    'node_modules/acme-plain/index.js': "throw new Error('nobody asked for it');",
  });
  const { code, out, err } = await runIn(folder, ['schema']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(names(out)).toEqual(expect.arrayContaining(['./house.ts', 'acme-guard', '@gatewright/provider-simulated']));
  expect(names(out)).not.toContain('acme-plain');
  expect(out).toContain('"colour"');
  expect(out).toContain('"strictness"');
});

test('is written to a file, with the line that leads editors to it', async () => {
  folder = folderOf({ 'deploy/gatewright.yaml': 'models: {}\n' });
  const { code, out, err } = await runIn(folder, ['schema', '--config', 'deploy', '--out', 'gatewright.schema.json']);
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toMatch(/^Wrote gatewright\.schema\.json with the options of \d+ plugins\.\n/);
  expect(err).toContain('# yaml-language-server: $schema=../gatewright.schema.json\n');
  expect(names(readFileSync(join(folder, 'gatewright.schema.json'), 'utf8'))).toContain(
    '@gatewright/provider-simulated',
  );
});

test('is made while the configuration is still broken, and says what it leaves out', async () => {
  folder = folderOf({
    'gatewright.yaml': 'modles: {}\nplugins:\n  - use: ./gone.ts\n  - use: ./house.ts\n',
    'house.ts': plugin('colour'),
  });
  const { code, out, err } = await runIn(folder, ['schema']);
  expect(code).toBe(0);
  expect(err).toBe('left out: ./gone.ts: there is no file ./gone.ts (looked for <folder>/gone.ts)\n');
  expect(names(out)).toContain('./house.ts');
});

test('says which options nobody can write down', async () => {
  const odd = plugin('colour').replace('z.string()', 'z.bigint()');
  folder = folderOf({ 'gatewright.yaml': 'plugins:\n  - use: ./house.ts\n', 'house.ts': odd });
  const { code, out, err } = await runIn(folder, ['schema']);
  expect(code).toBe(0);
  expect(err).toMatch(/^left out: \.\/house\.ts: house 1\.0\.0: its option "colour" cannot be written/);
  expect(names(out)).toContain('./house.ts');
});

test('is made where there is no configuration yet', async () => {
  folder = folderOf({});
  const { code, out, err } = await runIn(folder, ['schema']);
  expect(code).toBe(0);
  expect(err).toContain('left out: what the configuration names: .  there is no configuration in this folder');
  expect(names(out)).toContain('@gatewright/provider-simulated');
});

test('knows what models and targets may say to each instance of a plugin', async () => {
  const house = plugin('colour').replace(
    'setup() {}',
    "modelOptions: z.strictObject({ strictness: z.string().describe('How strict.') }), setup() {}",
  );
  folder = folderOf({
    'gatewright.yaml': 'plugins:\n  - use: ./house.ts\n  - { use: ./house.ts, id: garden }\n',
    'house.ts': house,
  });
  const { out } = await runIn(folder, ['schema']);
  interface Model {
    readonly properties: { readonly with: { readonly anyOf: readonly { readonly properties?: object }[] } };
  }
  const { models } = (JSON.parse(out) as { properties: { models: { additionalProperties: Model } } }).properties;
  const [map] = models.additionalProperties.properties.with.anyOf;
  expect(map?.properties).toMatchObject({
    house: { properties: { strictness: { description: 'How strict.' } } },
    garden: { properties: { strictness: { description: 'How strict.' } } },
  });
});

test('a file that cannot be written is said', async () => {
  folder = folderOf({ 'gatewright.yaml': 'models: {}\n' });
  const { code, err } = await runIn(folder, ['schema', '--out', 'no/such/folder.json']);
  expect(code).toBe(1);
  expect(err).toMatch(/^The schema cannot be written: ENOENT/);
});
