/** Tests of the rules of package.json and tsconfig.json, first on planted files, then on the repository. */
import { expect, test } from 'vitest';
import { lines } from './finding.ts';
import { badManifests, looseVersions, unreferenced } from './manifest.ts';
import { readTree, type TextFile } from './tree.ts';

const entry = {
  'gatewright-source': './src/index.ts',
  types: './dist/index.d.ts',
  'gatewright-bundle': './bundle/index.js',
  default: './dist/index.js',
};
const { default: last, ...others } = entry;
const { 'gatewright-bundle': _bundle, ...unbundled } = entry;
const swapped = { default: last, ...others };
const GOOD = {
  name: '@gatewright/acme',
  version: '1.2.3',
  description: 'A plugin.',
  license: 'Apache-2.0',
  files: ['bundle', 'dist', '!dist/**/*.map', '!dist/**/*.test.*', '!dist/**/.tsbuildinfo', 'README.md'],
  type: 'module',
  exports: { '.': entry, './package.json': './package.json' },
  publishConfig: { access: 'public' },
  devDependencies: { '@gatewright/core': '^1.0.0' },
  peerDependencies: { '@gatewright/core': '^1.0.0' },
  engines: { node: '>=22.19' },
};

const plant = (manifest: object): TextFile[] => [
  { path: 'lerna.json', text: '{ "version": "1.2.3" }' },
  { path: 'plugins/acme/package.json', text: JSON.stringify(manifest) },
  { path: 'plugins/acme/src/index.ts', text: '' },
];

test('a good package has nothing to mend', () => {
  expect(badManifests(plant(GOOD))).toEqual([]);
});

test.each([
  ['another name', { name: 'acme' }],
  ['another version', { version: '1.2.4' }],
  ['no description', { description: '' }],
  ['another license', { license: 'MIT' }],
  ['CommonJS', { type: 'commonjs' }],
  ['another floor', { engines: { node: '>=20' } }],
  ['no access', { publishConfig: {} }],
  ['its tests', { files: ['bundle', 'dist', 'README.md', '!dist/**/*.map', '!dist/**/.tsbuildinfo'] }],
  ['its source maps', { files: ['bundle', 'dist', 'README.md', '!dist/**/*.test.*', '!dist/**/.tsbuildinfo'] }],
  ['no bundle', { files: ['dist', '!dist/**/*.map', '!dist/**/*.test.*', '!dist/**/.tsbuildinfo', 'README.md'] }],
  ['its build info', { files: ['bundle', 'dist', 'README.md', '!dist/**/*.map', '!dist/**/*.test.*'] }],
  ['no package.json', { exports: { '.': entry } }],
  ['a plain entry', { exports: { ...GOOD.exports, '.': './dist/index.js' } }],
  ['no default', { exports: { ...GOOD.exports, '.': { ...entry, default: undefined } } }],
  ['default too early', { exports: { ...GOOD.exports, '.': swapped } }],
  ['no source', { exports: { ...GOOD.exports, '.': { ...entry, 'gatewright-source': './src/gone.ts' } } }],
  [
    'the bundle of another',
    { exports: { ...GOOD.exports, '.': { ...entry, 'gatewright-bundle': './bundle/wire.js' } } },
  ],
  ['types of another', { exports: { ...GOOD.exports, '.': { ...entry, types: './dist/wire.d.ts' } } }],
  ['no core', { peerDependencies: {} }],
  ['another core', { devDependencies: { '@gatewright/core': '^2.0.0' } }],
])('a package with %s is found', (_what, change) => {
  expect(badManifests(plant({ ...GOOD, ...change }))).toHaveLength(1);
});

test('what npm create runs has its own name, and needs no core', () => {
  const { peerDependencies: _, devDependencies: __, ...rest } = GOOD;
  const planted = (name: string): TextFile[] =>
    plant({ ...rest, name, files: rest.files.slice(1), exports: { ...rest.exports, '.': unbundled } }).map(
      ({ path, text }) => ({ path: path.replace('acme', 'create-acme'), text }),
    );
  expect(badManifests(planted('create-acme'))).toEqual([]);
  expect(badManifests(planted('@gatewright/create-acme'))).toHaveLength(1);
});

test('a range is found, between packages of the repository it is fine', () => {
  const manifest = (dependencies: object): TextFile[] => [
    { path: 'bench/package.json', text: JSON.stringify({ dependencies }) },
  ];
  expect(looseVersions(manifest({ zod: '^4.0.0', koa: 'latest' }))).toHaveLength(2);
  expect(looseVersions(manifest({ zod: '4.6.7', kit: '1.0.0-rc.1', '@gatewright/core': '^0.1.0' }))).toEqual([]);
});

test('a package that nothing builds is found, and one that does not build the core before itself', () => {
  const project = (path: string, ...references: string[]): TextFile => ({
    path,
    text: JSON.stringify({ references: references.map((one) => ({ path: one })) }),
  });
  const own = project('plugins/acme/tsconfig.json', '../../core');
  const root = project('tsconfig.json', 'core', './plugins/acme');
  expect(unreferenced([...plant(GOOD), root, own])).toEqual([]);
  expect(unreferenced([...plant(GOOD), root])).toHaveLength(1);
  expect(unreferenced([...plant(GOOD), project('tsconfig.json', 'core'), own])).toHaveLength(1);
  expect(unreferenced([...plant(GOOD), root, project('plugins/acme/tsconfig.json')])).toHaveLength(1);
});

test('every published package says the same about itself', () => {
  expect(lines(badManifests(readTree()))).toEqual([]);
});

test('every dependency is pinned', () => {
  expect(lines(looseVersions(readTree()))).toEqual([]);
});

test('every published package is built', () => {
  expect(lines(unreferenced(readTree()))).toEqual([]);
});
