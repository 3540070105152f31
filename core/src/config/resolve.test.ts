/** Where plugins are found, and what is said where they are not. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, PLUGIN, saidOf } from './folder.test.fixture.ts';
import { loadConfig } from './load.ts';
import { resolvePlugin } from './resolve.ts';

const manifest = (fields: object): string => JSON.stringify({ version: '1.0.0', type: 'module', ...fields });

const folder = folderWith({
  'plugins/house.ts': '',
  'gateway/deep/gatewright.yaml': '',
  'node_modules/import-only/package.json': manifest({ exports: { '.': { import: './index.js' } } }),
  'node_modules/import-only/index.js': '',
  'node_modules/main-only/package.json': JSON.stringify({ main: 'lib/main' }),
  'node_modules/main-only/lib/main.js': '',
  'node_modules/main-only/other.js': '',
  'node_modules/@acme/guard/package.json': manifest({
    exports: { './extra': './extra.js', '.': { default: './g.js' } },
  }),
  'node_modules/@acme/guard/g.js': '',
  'node_modules/@acme/guard/extra.js': '',
  'node_modules/unbuilt/package.json': manifest({ exports: './dist/index.js' }),
  'node_modules/closed/package.json': manifest({ exports: { './only': './only.js' } }),
  'node_modules/damaged/package.json': '{',
  'node_modules/typed/package.json': manifest({ exports: './index.ts' }),
  'node_modules/typed/index.ts': '',
  'workspace/linked/package.json': manifest({
    name: 'linked',
    exports: { '.': { 'gatewright-source': './src/index.ts', default: './dist/index.js' } },
  }),
  'workspace/linked/src/index.ts': '',
  'workspace/linked/dist/index.js': '',
  'workspace/linked/examples/gatewright.yaml': '',
});
symlinkSync(join(folder, 'workspace/linked'), join(folder, 'node_modules/linked'));
mkdirSync(join(folder, 'plugins/inner'));

const deep = join(folder, 'gateway/deep');
const resolved = (specifier: string, from = deep): unknown => {
  const found = resolvePlugin(specifier, from);
  return typeof found === 'string'
    ? found.slice(folder.length + 1)
    : { message: found.message.replaceAll(folder, '<folder>'), help: found.help?.replaceAll(folder, '<folder>') };
};

describe('found', () => {
  test.each([
    ['../../plugins/house.ts', 'plugins/house.ts'],
    [join(folder, 'plugins/house.ts'), 'plugins/house.ts'],
    ['import-only', 'node_modules/import-only/index.js'],
    ['main-only', 'node_modules/main-only/lib/main.js'],
    ['main-only/other.js', 'node_modules/main-only/other.js'],
    ['@acme/guard', 'node_modules/@acme/guard/g.js'],
    ['@acme/guard/extra', 'node_modules/@acme/guard/extra.js'],
    // Tests run with the condition gatewright-source; the symlink is followed, so TypeScript is fine here.
    ['linked', 'workspace/linked/src/index.ts'],
  ])('%s', (specifier, file) => {
    expect(resolved(specifier)).toBe(file);
  });

  test('a package by its own name', () => {
    expect(resolved('linked', join(folder, 'workspace/linked/examples'))).toBe('workspace/linked/src/index.ts');
  });
});

describe('not found', () => {
  const installed = (name: string): string =>
    `the package "${name}" is not installed (looked in node_modules of <folder>/gateway/deep and the folders above)`;
  test.each([
    [
      '../../plugins/hose.ts',
      'there is no file ../../plugins/hose.ts (looked for <folder>/plugins/hose.ts)',
      'did you mean "../../plugins/house.ts"?',
    ],
    [
      '../../plugins/house',
      'there is no file ../../plugins/house (looked for <folder>/plugins/house)',
      'did you mean "../../plugins/house.ts"?',
    ],
    [
      '../../plugins/house.js',
      'there is no file ../../plugins/house.js (looked for <folder>/plugins/house.js)',
      'did you mean "../../plugins/house.ts"?',
    ],
    ['./nowhere/x.ts', 'there is no file ./nowhere/x.ts (looked for <folder>/gateway/deep/nowhere/x.ts)', undefined],
    ['../../plugins/inner', '../../plugins/inner is a folder', 'name the file in it: ../../plugins/inner/index.js'],
    ['rate-limiter', installed('rate-limiter'), 'npm install rate-limiter'],
    ['@acme/gaurd', installed('@acme/gaurd'), 'did you mean "@acme/guard"? Otherwise: npm install @acme/gaurd'],
    ['guard', installed('guard'), 'did you mean "@acme/guard"? Otherwise: npm install guard'],
    [
      'gatewright.yaml',
      installed('gatewright.yaml'),
      'did you mean "./gatewright.yaml"? Otherwise: npm install gatewright.yaml',
    ],
    [
      'node:fs',
      '"node:fs" is neither a package name nor a path',
      'write a package name, or a path that begins with "./"',
    ],
    ['@acme', '"@acme" is neither a package name nor a path', 'write a package name, or a path that begins with "./"'],
    [
      'closed',
      'the package "closed" is installed, but offers nothing to import as "closed"',
      'look at "exports" and "main" in <folder>/node_modules/closed/package.json',
    ],
    [
      '@acme/guard/secret',
      'the package "@acme/guard" is installed, but offers nothing to import as "@acme/guard/secret"',
      'look at "exports" and "main" in <folder>/node_modules/@acme/guard/package.json',
    ],
    [
      'main-only/nothing.js',
      'the package "main-only" is installed, but offers nothing to import as "main-only/nothing.js"',
      'look at "exports" and "main" in <folder>/node_modules/main-only/package.json',
    ],
    ['damaged', 'the package.json of "damaged" cannot be read (<folder>/node_modules/damaged/package.json)', undefined],
    [
      'unbuilt',
      'the package "unbuilt" names ./dist/index.js as its file, but has no such file',
      'is it built? (<folder>/node_modules/unbuilt)',
    ],
    [
      'typed',
      'the package "typed" ships TypeScript (index.ts), which Node does not run below node_modules',
      'the package must publish JavaScript; tell its author, or move the file next to this configuration',
    ],
  ])('%s', (specifier, message, help) => {
    expect(resolved(specifier)).toEqual({ message, help });
  });

  test('two missing plugins are told together, each at its place', async () => {
    const said = await saidOf('plugins:\n  - use: ./onw.ts\n  - use: "@acme/none"\n');
    expect(said.split('\n')).toEqual([
      'gatewright.yaml:2:10  plugins[0].use  ./onw.ts: there is no file ./onw.ts (looked for <folder>/onw.ts)',
      '    help: did you mean "./one.ts"?',
      'gatewright.yaml:3:10  plugins[1].use  @acme/none: the package "@acme/none" is not installed (looked in node_modules of <folder> and the folders above)',
      '    help: npm install @acme/none',
    ]);
  });
});

test('a package is imported from a folder below the one that has it', async () => {
  const cwd = folderWith({
    'node_modules/@acme/one/package.json': manifest({ exports: './index.js' }),
    'node_modules/@acme/one/index.js': PLUGIN,
    'gateways/a/gatewright.yaml': 'plugins:\n  - { use: "@acme/one", with: { apiKey: k } }\n',
  });
  expect(await loadConfig({ cwd, file: 'gateways/a', env: {} })).toMatchObject({
    config: { file: join(cwd, 'gateways/a/gatewright.yaml'), plugins: [{ id: 'one', use: '@acme/one' }] },
  });
});
