/** Tests of the licences beside a bundle, on planted packages. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { licences } from './licences.ts';

const home = mkdtempSync(join(tmpdir(), 'gatewright-licences-'));
afterAll(() => rmSync(home, { recursive: true }));

function plant(path: string, text: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('each package is named once, with its version and its text', () => {
  plant('node_modules/b/package.json', '{ "name": "b", "version": "2.0.0", "license": "ISC" }');
  plant('node_modules/a/package.json', '{ "name": "a", "version": "1.0.0", "license": "MIT" }');
  plant('node_modules/a/LICENSE.md', 'Take it.\n');
  // A folder may say of what kind its files are.
  plant('node_modules/a/lib/package.json', '{ "type": "commonjs" }');
  const files = [
    plant('node_modules/b/index.js', ''),
    plant('node_modules/a/lib/one.js', ''),
    plant('node_modules/a/two.js', ''),
    plant('dist/own.js', ''),
  ];
  expect(licences(files, home)).toBe('== a 1.0.0 (MIT)\n\nTake it.\n\n== b 2.0.0 (ISC)\n\n\n');
});

test('a bundle of its own files needs none', () => {
  expect(licences([plant('dist/own.js', '')], home)).toBe('');
});
