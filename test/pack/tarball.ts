/** The published packages as npm would upload them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageFolders } from '../docs/plugins.ts';
import { ROOT } from '../house/tree.ts';

/** A package that has been packed. */
export interface Tarball {
  /** Relative to the repository's root: `plugins/prices`. */
  readonly folder: string;
  readonly name: string;
  /** The absolute path of the .tgz. */
  readonly path: string;
  /** The files in it, relative to the package. */
  readonly files: readonly string[];
  /** Bytes on disk once it is installed. */
  readonly unpackedSize: number;
}

/** What npm says about a package that it has packed. */
interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The folders of everything that is published. */
export const publishedFolders = (): string[] => ['core', ...packageFolders().map((name) => `plugins/${name}`)];

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;

/** Packs everything into a folder. Throws an Error that says so where something was not built. */
export function packAll(destination: string): Tarball[] {
  const folders = publishedFolders();
  const unbuilt = folders.filter((folder) => !existsSync(join(ROOT, folder, 'dist')));
  if (unbuilt.length > 0)
    throw new Error(`Not built: ${unbuilt.join(', ')}. Run "npm run build" first, as npm test does.`);
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const output = execFileSync('npm', [...words, ...folders.flatMap((folder) => ['--workspace', folder])], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return (JSON.parse(output) as Packed[]).map(({ name, filename, unpackedSize, files }, index) => ({
    folder: folders[index] ?? '',
    name,
    path: join(destination, filename.replace(/^@/, '').replace('/', '-')),
    files: files.map((file) => file.path),
    unpackedSize,
  }));
}

/**
 * Installs tarballs below `project` as npm would: unpacked, not linked. What they depend on is linked to what this
 * repository has installed, but only what they say that they depend on, so that a forgotten dependency is missed.
 */
export function install(tarballs: readonly Tarball[], project: string): void {
  for (const { name, folder, path } of tarballs) {
    const home = join(project, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    execFileSync('tar', ['-xzf', path, '-C', home, '--strip-components=1']);
    const { dependencies = {}, peerDependencies = {} } = manifestOf(folder);
    for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (!needed.startsWith('@gatewright/')) link(installed(needed, folder), join(home, 'node_modules', needed));
    }
  }
}

/** Where this repository has a package, as seen from one of its folders. */
export function installed(name: string, folder: string): string {
  const paths = createRequire(join(ROOT, folder, 'package.json')).resolve.paths(name) ?? [];
  const found = paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
  if (found === undefined) throw new Error(`${folder} needs ${name}, which is not installed: run "npm install".`);
  return found;
}

/** Links a package, in place of installing it once more. */
export function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'dir');
}
