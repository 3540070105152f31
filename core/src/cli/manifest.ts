/** Reads the package.json of projects and of packages. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** What is read of a package.json. Others have written it: any of it may be missing. */
export interface Manifest {
  readonly version?: unknown;
  readonly packageManager?: unknown;
  readonly keywords?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The package.json of a folder; undefined where it has none that can be read. */
export function manifestAt(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

/** That of a package, as a configuration in this folder would import it; undefined where it is not installed. */
export function manifestOf(name: string, folder: string): Manifest | undefined {
  try {
    const path = findPackageJSON(name, join(folder, 'gatewright.yaml'));
    return path === undefined ? undefined : manifestAt(dirname(path));
  } catch {
    return undefined;
  }
}

/** The folder and all that it lies in, from the inside out. */
export function withParents(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}
