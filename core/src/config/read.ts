/** Reads a configuration from where it is: a file of any of the kinds, a folder that has one, or an object. */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importFault } from './import-fault.ts';
import type { Problem } from './normal.ts';
import type { Importer } from './plugin-module.ts';
import type { Fault } from './problems.ts';
import { objectSource, shownFile, type Source } from './source.ts';
import { parseYaml } from './yaml.ts';

/** The names that a configuration may have, so that it is found without being named. */
export const CONFIG_FILES = [
  'gatewright.yaml',
  'gatewright.yml',
  'gatewright.json',
  'gatewright.config.ts',
  'gatewright.config.js',
  'gatewright.config.mjs',
] as const;

const TEXT = new Set(['.yaml', '.yml', '.json']);
const CODE = new Set(['.ts', '.mts', '.js', '.mjs', '.cjs']);

/** What can go wrong before there is anything to check. */
export interface Unreadable {
  readonly problems: readonly Problem[];
}

/**
 * The file of a configuration as a source. `file` may name a folder; it is relative to `cwd`, its default. With `text`, what
 * stands there now is not looked at.
 */
export async function readFile(
  file: string,
  cwd: string,
  importer: Importer,
  text?: string,
): Promise<Source | Unreadable> {
  const asked = resolve(cwd, file);
  if (text !== undefined) return parseYaml(text, { file: asked, shown: shownFile(asked, cwd), folder: dirname(asked) });
  const refuse = (at: string, fault: Fault): Unreadable => ({
    problems: [{ position: { file: shownFile(at, cwd) || '.', path: '' }, ...fault }],
  });
  const found = statSync(asked, { throwIfNoEntry: false });
  if (!found) return refuse(asked, { message: 'there is no such file', help: `looked for ${asked}` });
  const path = found.isDirectory() ? configIn(asked) : asked;
  if (typeof path !== 'string') return refuse(asked, path);
  const place = { file: path, shown: shownFile(path, cwd), folder: dirname(path) };
  try {
    if (TEXT.has(extname(path))) return parseYaml(readFileSync(path, 'utf8'), place);
  } catch (error) {
    return refuse(path, { message: `cannot be read: ${(error as Error).message}` });
  }
  if (!CODE.has(extname(path))) {
    return refuse(path, {
      message: 'is of no kind that a configuration can have',
      help: 'use .yaml, .json, .ts or .js',
    });
  }
  const module = await importFresh(path, importer);
  if (!('loaded' in module)) return refuse(path, module);
  if (module.loaded['default'] === undefined) {
    return refuse(path, { message: 'has no default export', help: 'write: export default defineConfig({ … })' });
  }
  return objectSource(module.loaded['default'], place.folder, { path, shown: place.shown });
}

/** The one configuration in a folder. Two are refused: nobody would know which of them counts. */
function configIn(folder: string): string | Fault {
  const files = CONFIG_FILES.map((name) => join(folder, name)).filter((path) =>
    statSync(path, { throwIfNoEntry: false }),
  );
  const [only, ...others] = files;
  if (only === undefined) {
    return {
      message: 'there is no configuration in this folder',
      help: `looked for ${CONFIG_FILES.join(', ')}; name another file with --config`,
    };
  }
  if (others.length === 0) return only;
  const names = files.map((path) => basename(path)).join(' and ');
  return { message: `there is more than one configuration: ${names}`, help: 'name one of them with --config' };
}

/** Modules are imported once per address; the time of the last change makes a changed configuration a new one. */
async function importFresh(
  path: string,
  importer: Importer,
): Promise<{ readonly loaded: Awaited<ReturnType<Importer>> } | Fault> {
  try {
    const url = pathToFileURL(path);
    url.searchParams.set('changed', String(statSync(path, { bigint: true }).mtimeNs));
    return { loaded: await importer(url.href) };
  } catch (error) {
    return importFault(error, basename(path));
  }
}
