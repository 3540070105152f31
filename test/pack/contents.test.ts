/** Tests of the rules of what a published package contains, on planted packages. */
import { expect, test } from 'vitest';
import { badContents } from './contents.ts';
import type { Tarball } from './tarball.ts';

const FILES = ['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/index.js.map'];
const manifest = {
  exports: {
    '.': { 'gatewright-source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
};
const faults = (change: Partial<Tarball>): string[] =>
  badContents(
    { folder: 'plugins/acme', name: 'acme', path: '', files: FILES, unpackedSize: 1000, ...change },
    manifest,
    new Set(['src/index.ts', 'src/index.test.ts']),
  );

test('a package with its build and README has nothing to mend', () => {
  expect(faults({})).toEqual([]);
});

test.each([
  ['a test', 'dist/index.test.js'],
  ['a source', 'src/index.ts'],
  ['build info', 'dist/.tsbuildinfo'],
  ['a recording', 'fixtures/reply.sse'],
])('%s is found', (_what, file) => {
  expect(faults({ files: [...FILES, file] })).toEqual([`acme holds ${file}: see "files".`]);
});

test('what was built from a file that is gone is found', () => {
  expect(faults({ files: [...FILES, 'dist/old.js'] })).toEqual([
    'acme holds dist/old.js, whose source is gone: npm run clean.',
  ]);
});

test('a missing README, a missing entry and too much weight are found', () => {
  const files = FILES.filter((file) => file !== 'README.md' && file !== 'dist/index.d.ts');
  expect(faults({ files, unpackedSize: 5_000_000 })).toEqual([
    'acme lacks README.md.',
    'acme lacks dist/index.d.ts.',
    'acme takes 5000000 bytes, 450000 are allowed.',
  ]);
});

test('a package that makes projects holds them with their tests, and nothing that they built', () => {
  const files = [...FILES, 'templates/guard/src/index.test.ts', 'templates/guard/_gitignore'];
  expect(faults({ name: 'create-acme', files })).toEqual([]);
  expect(faults({ files })).toHaveLength(2);
  const built = 'templates/guard/node_modules/zod/index.js';
  expect(faults({ name: 'create-acme', files: [...files, built] })).toEqual([
    `create-acme holds ${built}: see "files".`,
  ]);
});
