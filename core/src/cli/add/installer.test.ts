import { describe, expect, test, afterEach } from 'vitest';
import { join } from 'node:path';
import { folderOf, removeFolder } from '../terminal.test.kit.ts';
import { install, projectAt } from './installer.ts';

let folder = '';
afterEach(() => removeFolder(folder));

describe('the package manager is that of the project', () => {
  test.each([
    ['npm', { 'package-lock.json': '{}' }],
    ['pnpm', { 'pnpm-lock.yaml': '' }],
    ['yarn', { 'yarn.lock': '' }],
    ['bun', { 'bun.lock': '' }],
    ['pnpm', { 'package.json': '{ "packageManager": "pnpm@10.1.0+sha512.00" }', 'package-lock.json': '{}' }],
    ['npm', { 'package.json': '{ "packageManager": "unheard@1.0.0" }', 'package-lock.json': '{}' }],
  ])('%s', (manager, files) => {
    folder = folderOf({ 'package.json': '{}', ...files });
    expect(projectAt(folder)).toEqual({ folder, manager });
  });

  test('in a folder of a workspace too', () => {
    folder = folderOf({
      'pnpm-lock.yaml': '',
      'package.json': '{}',
      'apps/a/package.json': '{}',
      'apps/a/deploy/x': '',
    });
    expect(projectAt(join(folder, 'apps/a/deploy'))).toEqual({ folder: join(folder, 'apps/a'), manager: 'pnpm' });
  });
});

test('a folder without a package.json anywhere is refused', () => {
  expect(() => projectAt('/')).toThrow(/There is no package\.json in \/, nor above it\./);
});

/** A program in the place of npm. */
function fakeNpm(script: string): Record<string, string> {
  folder = folderOf({ 'package.json': '{}', 'bin/npm': `#!/bin/sh\n${script}\n` });
  return { PATH: `${join(folder, 'bin')}:/bin:/usr/bin` };
}

async function executable(): Promise<void> {
  const { chmod } = await import('node:fs/promises');
  await chmod(join(folder, 'bin/npm'), 0o755);
}

describe('an installation', () => {
  test('is done in the folder of the project', async () => {
    const env = fakeNpm('test "$*" = "install acme@^1" && pwd > where');
    await executable();
    await install('acme@^1', { folder, manager: 'npm' }, env);
    const { readFile } = await import('node:fs/promises');
    expect((await readFile(join(folder, 'where'), 'utf8')).trim()).toBe(folder);
  });

  test('that fails is told with the last words of the manager', async () => {
    const env = fakeNpm('echo "npm error code ENOTFOUND" >&2; echo "npm error network request failed" >&2; exit 7');
    await executable();
    await expect(install('acme', { folder, manager: 'npm' }, env)).rejects.toMatchObject({
      message: [
        '"npm install acme" failed: it ended with 7. Nothing was configured.',
        '    npm error code ENOTFOUND',
        '    npm error network request failed',
      ].join('\n'),
      help: `see whether this works in ${folder}: npm install acme`,
    });
  });

  test('with a manager that is not there is told so', async () => {
    folder = folderOf({ 'package.json': '{}' });
    const installing = install('acme', { folder, manager: 'bun' }, { PATH: folder });
    await expect(installing).rejects.toThrow(/^"bun add acme" failed: bun is not there\./);
  });
});
