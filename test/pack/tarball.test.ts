/** Tests of the packages as they are published: what is in them, and that an empty project can use them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pluginNames } from '../docs/plugins.ts';
import { readTree, ROOT } from '../house/tree.ts';
import { badContents } from './contents.ts';
import { install, installed, link, manifestOf, packAll, publishedFolders, type Tarball } from './tarball.ts';

const project = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-pack-')));
let tarballs: readonly Tarball[] = [];

beforeAll(() => {
  tarballs = packAll(project);
  install(tarballs, project);
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }');
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const packed = (folder: string): Tarball | undefined => tarballs.find((one) => one.folder === folder);

describe.each(publishedFolders())('%s', (folder) => {
  test('contains what it should and nothing else', () => {
    const tarball = packed(folder);
    const sources = readTree().filter(({ path }) => path.startsWith(`${folder}/`));
    const names = new Set(sources.map(({ path }) => path.slice(folder.length + 1)));
    expect(tarball && badContents(tarball, manifestOf(folder), names)).toEqual([]);
  });
});

/** Every way in that the packages offer to programs: `@gatewright/core`, `@gatewright/core/wire`, … */
function entries(): string[] {
  return tarballs.flatMap(({ folder, name }) =>
    Object.keys(manifestOf(folder).exports ?? {})
      .filter((key) => key !== './package.json' && key !== './bundled-zod')
      .map((key) => name + key.slice(1)),
  );
}

/** Runs a program in the empty project and answers with what it printed as JSON. */
function printed(file: string, text: string): Record<string, string> {
  writeFileSync(join(project, file), text);
  const env = { PATH: process.env['PATH'] ?? '' };
  return JSON.parse(execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8', env })) as Record<
    string,
    string
  >;
}

/** For every entry, the plugin that it default-exports, or that it is there. */
const look = (load: string): string => `
const found = {};
for (const entry of ${JSON.stringify(entries())}) {
  try {
    const module = ${load};
    found[entry] = Object.keys(module).length === 0 ? 'nothing' : (module.default?.name ?? 'something');
  } catch (error) { found[entry] = String(error); }
}
process.stdout.write(JSON.stringify(found));`;

/** A plugin's entry gives the plugin of that name, any other gives something. */
const expected = (): Record<string, string> => {
  const plugins = new Set(pluginNames());
  return Object.fromEntries(entries().map((entry) => [entry, plugins.has(basename(entry)) ? entry : 'something']));
};

test('every entry can be imported from an ES module', () => {
  expect(printed('look.mjs', look('await import(entry)'))).toEqual(expected());
});

test('every entry can be required from a CommonJS module', () => {
  expect(printed('look.cjs', look('require(entry)'))).toEqual(expected());
});

test('the types can be used by a project that checks its libraries too', () => {
  link(installed('@types/node', 'core'), join(project, 'node_modules', '@types', 'node'));
  link(installed('undici-types', 'core'), join(project, 'node_modules', 'undici-types'));
  const imports = entries().map((entry, index) => `export * as entry${index} from '${entry}';`);
  writeFileSync(join(project, 'use.ts'), imports.join('\n'));
  const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: project,
  });
  const errors = stdout
    .split('\n')
    .filter((line) => /^(?:use\.ts|node_modules\/@gatewright\/[\w-]+\/dist\/)/.test(line));
  expect(errors).toEqual([]);
});

const example = join(ROOT, 'examples', 'quickstart');

test.runIf(existsSync(example))('the quick start of a stranger is found to be in order', () => {
  const home = join(project, 'quickstart');
  cpSync(example, home, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  const bin = join(project, 'node_modules', '@gatewright', 'core', 'bin', 'gatewright.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [bin, 'check', '--config', join(home, 'gatewright.yaml')],
    {
      cwd: project,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    },
  );
  expect(status, stdout + stderr).toBe(0);
});
