/** The `exports` of packages, read as Node reads them. */
import { expect, test } from 'vitest';
import { activeConditions, exportedFile } from './package-exports.ts';

const conditions = new Set(['node', 'import', 'default']);

test.each([
  ['a string', './a.js', '.', './a.js'],
  ['a string has no subpaths', './a.js', './b', undefined],
  ['conditions at the top', { require: './a.cjs', import: './a.js' }, '.', './a.js'],
  ['the first condition that holds', { default: './d.js', import: './a.js' }, '.', './d.js'],
  ['only what is imported', { '.': { import: './a.js' } }, '.', './a.js'],
  ['only what is required', { '.': { require: './a.cjs' } }, '.', undefined],
  ['nested conditions', { '.': { node: { require: './r.cjs', import: './i.js' } } }, '.', './i.js'],
  [
    'nested conditions without a match go on',
    { '.': { node: { require: './r.cjs' }, default: './d.js' } },
    '.',
    './d.js',
  ],
  ['a list', { '.': [{ require: './r.cjs' }, './d.js'] }, '.', './d.js'],
  ['a subpath', { './b': './lib/b.js' }, './b', './lib/b.js'],
  ['a pattern', { './*': './lib/*.js' }, './b/c', './lib/b/c.js'],
  ['the most exact pattern', { './*': './lib/*', './b/*': './other/*' }, './b/c', './other/c'],
  ['a pattern with an end', { './*.js': './lib/*.js' }, './b.css', undefined],
  ['a closed subpath', { './*': './lib/*', './internal/*': null }, './internal/x', undefined],
  ['a closed condition', { '.': { import: null, default: './d.js' } }, '.', undefined],
  ['an inherited name', {}, './constructor', undefined],
  ['nothing', null, '.', undefined],
])('%s', (_, exports, subpath, file) => {
  expect(exportedFile(exports, subpath, conditions)).toBe(file);
});

test('conditions of the command line and of NODE_OPTIONS', () => {
  const asked = activeConditions(['--conditions', 'one', '-C', 'two', '--test'], '--conditions=three -C=four');
  for (const name of ['one', 'two', 'three', 'four', 'node', 'import', 'default']) expect(asked).toContain(name);
  expect(asked).not.toContain('require');
  expect(asked).not.toContain('--test');
});
