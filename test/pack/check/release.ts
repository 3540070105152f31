/** Releases every package of this repository to a registry, with lerna, from a copy. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../../house/tree.ts';
import { publishedFolders } from '../tarball.ts';
import { run } from './command.ts';
import type { Registry } from './registry.ts';

/** What lerna and nx read besides the packages. */
const SETTINGS = [
  'package.json',
  'lerna.json',
  'nx.json',
  '.npmrc',
  'LICENSE',
  'test/pack/changelog',
  'test/pack/template-versions.ts',
];

/** Nothing of a package that its tarball could need is missing; its tests and tools are. */
const LEFT_OUT = new Set(['node_modules', 'src', '.gatewright', 'docs']);

/**
 * Publishes to `registry`; resolves with the names. It happens in a copy under `folder`, since lerna writes the commit into
 * every package.json and takes it back with git: no working tree should go through that.
 */
export async function release(folder: string, registry: Registry): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  for (const name of SETTINGS) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of publishedFolders()) {
    const from = join(ROOT, name);
    cpSync(from, join(folder, name), {
      recursive: true,
      filter: (path) =>
        !(LEFT_OUT.has(basename(path)) && (dirname(path) === from || basename(path) === 'node_modules')),
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const git = gitIn(folder);
  git('init', '--quiet', '--initial-branch=main');
  git('add', ...SETTINGS, 'core', 'plugins');
  git('commit', '--quiet', '--message', 'A copy to release from');
  // Everything was built before: what is released is what the tests have seen.
  const words = ['lerna', 'publish', 'from-package', '--yes', '--ignore-scripts', '--registry', registry.url];
  const said = await run(['npx', '--no-install', ...words], folder, {
    ...registry.env,
    NX_DAEMON: 'false',
    CI: 'true',
  });
  return [...said.matchAll(/^ - (\S+) => \d/gm)].map(([, name = '']) => name);
}

function gitIn(folder: string): (...words: string[]) => string {
  const author = ['-c', 'user.name=Pack check', '-c', 'user.email=check@localhost', '-c', 'commit.gpgsign=false'];
  return (...words) => execFileSync('git', [...author, ...words], { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
}

const CHANGE = 'Know what the models of next year cost';

/**
 * Makes the next release in the copy, after one change of one package: what lerna writes is looked at, and nothing is
 * published. Resolves with the new version.
 */
export async function nextRelease(folder: string, registry: Registry): Promise<string> {
  const git = gitIn(folder);
  git('tag', 'v0.1.0');
  appendFileSync(join(folder, 'plugins', 'prices', 'README.md'), '\nMore.\n');
  git('commit', '--quiet', '--all', '--message', CHANGE);
  const identity = { GIT_AUTHOR_NAME: 'Pack check', GIT_AUTHOR_EMAIL: 'check@localhost' };
  const committer = { GIT_COMMITTER_NAME: 'Pack check', GIT_COMMITTER_EMAIL: 'check@localhost' };
  const words = ['lerna', 'version', 'minor', '--yes', '--no-push', '--force-publish'];
  await run(['npx', '--no-install', ...words], folder, { ...registry.env, ...identity, ...committer, CI: 'true' });
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const { version } = JSON.parse(read('lerna.json')) as { version: string };
  const wanted: readonly (readonly [file: string, text: string])[] = [
    ['CHANGELOG.md', CHANGE],
    ['plugins/prices/CHANGELOG.md', CHANGE],
    ['plugins/prices/package.json', `"@gatewright/core": "^${version}"`],
    ['plugins/create-gatewright/templates/provider/package.json', `"@gatewright/core": "^${version}"`],
  ];
  const missing = wanted.filter(([file, text]) => !read(file).includes(text));
  if (missing.length > 0) throw new Error(missing.map(([file, text]) => `${file} does not say: ${text}`).join('\n'));
  if (git('status', '--porcelain', '--untracked-files=no').trim() !== '')
    throw new Error(`Not all was committed:\n${git('status')}`);
  return version;
}
