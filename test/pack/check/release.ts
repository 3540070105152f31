/** Releases every package of this repository to a registry, with lerna, from a copy. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../../house/tree.ts';
import { publishedFolders } from '../tarball.ts';
import { run } from './command.ts';
import type { Registry } from './registry.ts';

/** What lerna and nx read besides the packages. */
const SETTINGS = ['package.json', 'lerna.json', 'nx.json', '.npmrc', 'LICENSE'];

/** Nothing of a package that its tarball could need is missing; its tests and tools are. */
const LEFT_OUT = new Set(['node_modules', 'src', '.gatewright', 'docs']);

/**
 * Publishes to `registry`; resolves with the names. It happens in a copy under `folder`, since lerna writes the commit into
 * every package.json and takes it back with git: no working tree should go through that.
 */
export async function release(folder: string, registry: Registry): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  for (const name of SETTINGS) cpSync(join(ROOT, name), join(folder, name));
  for (const name of publishedFolders()) {
    const from = join(ROOT, name);
    cpSync(from, join(folder, name), {
      recursive: true,
      filter: (path) =>
        !(LEFT_OUT.has(basename(path)) && (dirname(path) === from || basename(path) === 'node_modules')),
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const git = (...words: string[]): void => {
    const author = ['-c', 'user.name=Pack check', '-c', 'user.email=check@localhost', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...author, ...words], { cwd: folder, stdio: 'pipe' });
  };
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
