/** Tests of reading the repository's own files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isCore, isPlugin, isTest, pluginFolders, readTree } from './tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatewright-tree-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('tracked and new files are read; ignored, deleted and binary ones are not', () => {
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  execFileSync('git', ['init', '-q'], { cwd: folder });
  write('.gitignore', 'dist/\n');
  write('tracked.ts', 'a');
  write('deleted.ts', 'b');
  execFileSync('git', ['add', '.'], { cwd: folder });
  rmSync(join(folder, 'deleted.ts'));
  write('new name é.ts', 'c');
  write('dist/built.js', 'd');
  write('image.png', 'e\0f');
  const files = readTree(folder).map(({ path, text }) => `${path}: ${text}`);
  expect(files.toSorted()).toEqual(['.gitignore: dist/\n', 'new name é.ts: c', 'tracked.ts: a']);
});

test('what is published is told from its tests', () => {
  const paths = ['core/src/a.ts', 'core/src/a.test.ts', 'core/src/rig.test.kit.ts', 'core/bin/a.js', 'test/a.ts'];
  expect(paths.filter(isCore)).toEqual(['core/src/a.ts']);
  expect(paths.filter(isTest)).toEqual(['core/src/a.test.ts', 'core/src/rig.test.kit.ts', 'test/a.ts']);
  expect(['plugins/x/src/a.ts', 'plugins/x/README.md', 'plugins/x/src/a.test.ts'].filter(isPlugin)).toHaveLength(1);
});

test('plugin folders are those that hold a file', () => {
  const files = ['plugins/b/package.json', 'plugins/a/src/index.ts', 'plugins/b/README.md', 'plugins/README.md'];
  expect(pluginFolders(files.map((path) => ({ path, text: '' })))).toEqual(['a', 'b']);
});
