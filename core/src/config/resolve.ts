/** Finds the file behind a plugin's name: a path from the config file, or a package from its folder. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { basename, dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import { nearest } from './nearest.ts';
import { activeConditions, exportedFile } from './package-exports.ts';
import type { Fault } from './problems.ts';

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts', '.tsx']);

/** The absolute path of the plugin's file, symlinks followed as Node does, or why there is none. */
export function resolvePlugin(specifier: string, folder: string): string | Fault {
  const file = isLocal(specifier) ? localFile(specifier, folder) : packageFile(specifier, folder);
  if (typeof file !== 'string') return file;
  const real = realpathSync(file);
  if (TYPESCRIPT.has(extname(real)) && real.includes(`${sep}node_modules${sep}`)) {
    return {
      message: `the package "${specifier}" ships TypeScript (${basename(real)}), which Node does not run below node_modules`,
      help: 'the package must publish JavaScript; tell its author, or move the file next to this configuration',
    };
  }
  return real;
}

function isLocal(specifier: string): boolean {
  return /^\.{1,2}[/\\]/.test(specifier) || isAbsolute(specifier);
}

/** Whether what a configuration names is a package, and not a file or a plugin that was given as a value. */
export function isPackage(use: string): boolean {
  return !isLocal(use) && /^[@\w~]/.test(use);
}

/** `@acme/guard 1.2.0`: a package with the version that is installed; a path, or what is not installed, as it is named. */
export function packageText(use: string, folder: string): string {
  const manifest = isPackage(use) ? manifestOf(use.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1'), folder) : undefined;
  if (manifest === undefined) return use;
  try {
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? `${use} ${version}` : use;
  } catch {
    return use;
  }
}

function localFile(specifier: string, folder: string): string | Fault {
  const file = resolve(folder, specifier);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return file;
  if (found)
    return { message: `${specifier} is a folder`, help: 'name the file in it: ' + join(specifier, 'index.js') };
  const names = filesIn(dirname(file));
  const meant = nearest(stem(file), names.map(stem));
  const near = names.find((name) => stem(name) === meant);
  return {
    message: `there is no file ${specifier} (looked for ${file})`,
    ...(near !== undefined && { help: `did you mean "${specifier.slice(0, -basename(file).length)}${near}"?` }),
  };
}

function stem(path: string): string {
  return basename(path, extname(path));
}

function packageFile(specifier: string, folder: string): string | Fault {
  const [, name, rest = ''] = /^((?:@[\w.~-]+\/)?[\w~-][\w.~-]*)(\/.+)?$/.exec(specifier) ?? [];
  if (name === undefined) {
    const help = 'write a package name, or a path that begins with "./"';
    return { message: `"${specifier}" is neither a package name nor a path`, help };
  }
  const manifest = manifestOf(name, folder);
  if (manifest === undefined) return notInstalled(specifier, name, folder);
  const root = dirname(manifest);
  let exports: unknown;
  try {
    ({ exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: unknown });
  } catch {
    return { message: `the package.json of "${name}" cannot be read (${manifest})` };
  }
  let file: string | undefined;
  if (exports === undefined) {
    try {
      return createRequire(join(folder, 'gatewright.yaml')).resolve(specifier);
    } catch {
      file = undefined;
    }
  } else {
    file = exportedFile(exports, `.${rest}`, activeConditions());
  }
  if (file === undefined) {
    const message = `the package "${name}" is installed, but offers nothing to import as "${specifier}"`;
    return { message, help: `look at "exports" and "main" in ${manifest}` };
  }
  const path = join(root, file);
  if (existsSync(path)) return path;
  return {
    message: `the package "${name}" names ${file} as its file, but has no such file`,
    help: `is it built? (${root})`,
  };
}

function manifestOf(name: string, folder: string): string | undefined {
  try {
    return findPackageJSON(name, join(folder, 'gatewright.yaml'));
  } catch {
    return undefined;
  }
}

function notInstalled(specifier: string, name: string, folder: string): Fault {
  const installed = installedNames(folder);
  const near =
    installed.find((full) => unscoped(full) === name) ??
    nearest(name, installed) ??
    installed.find((full) => unscoped(full) === nearest(name, installed.map(unscoped)));
  // `house-auth.ts` without "./" is a path that reads like a package.
  const path = filesIn(folder).includes(specifier) ? `./${specifier}` : near;
  return {
    message: `the package "${name}" is not installed (looked in node_modules of ${folder} and the folders above)`,
    help: path === undefined ? `npm install ${name}` : `did you mean "${path}"? Otherwise: npm install ${name}`,
  };
}

function unscoped(name: string): string {
  return name.replace(/^@[^/]+\//, '');
}

function installedNames(folder: string): string[] {
  const names: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, 'node_modules');
    for (const name of filesIn(modules)) {
      names.push(...(name.startsWith('@') ? filesIn(join(modules, name)).map((inner) => `${name}/${inner}`) : [name]));
    }
    if (dirname(at) === at) return names;
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
