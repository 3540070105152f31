/** Imports a plugin, refusing with a clear message what is not one. */
import { pathToFileURL } from 'node:url';
import { ENGINE_VERSION, isPlugin, type Plugin } from '../plugin.ts';
import { importFault } from './import-fault.ts';
import { kindOf } from './wording.ts';
import type { Fault } from './problems.ts';
import { inRange } from './range.ts';
import { packageText, resolvePlugin } from './resolve.ts';

/** Imports the module at a `file:` URL. Tests put their own in its place. */
export type Importer = (url: string) => Promise<Readonly<Record<string, unknown>>>;

/** Node's own import. */
export const importModule: Importer = async (url) => (await import(url)) as Readonly<Record<string, unknown>>;

/** The plugin that a configuration names, as a package or a path from `folder`. */
export async function loadPlugin(specifier: string, folder: string, importer: Importer): Promise<Plugin | Fault> {
  const file = resolvePlugin(specifier, folder);
  if (typeof file !== 'string') return file;
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await importer(pathToFileURL(file).href);
  } catch (error) {
    return importFault(error, packageText(specifier, folder));
  }
  return pluginOf(module, () => packageText(specifier, folder));
}

/** The plugin that a module exports; undefined where it exports none. */
export function exportedPlugin(module: Readonly<Record<string, unknown>>): Plugin | undefined {
  const exported = module['default'];
  // What TypeScript compiles to CommonJS has its default export one level down.
  const inner =
    typeof exported === 'object' && exported !== null && 'default' in exported ? exported.default : exported;
  return [exported, inner].find(isPlugin);
}

function pluginOf(module: Readonly<Record<string, unknown>>, who: () => string): Plugin | Fault {
  const plugin = exportedPlugin(module);
  if (plugin !== undefined) return pluginFault(plugin) ?? plugin;
  const exported = module['default'];
  const named = Object.keys(module).find((name) => isPlugin(module[name]));
  const help =
    named === undefined
      ? 'end the file with: export default definePlugin({ … })'
      : `it exports a plugin as "${named}"; make that the default export`;
  if (exported === undefined) return { message: `${who()} has no default export`, help };
  return { message: `the default export of ${who()} is ${kindOf(exported)}, and not a plugin`, help };
}

/** What keeps a plugin from being used with this core. */
export function pluginFault(plugin: Plugin): Fault | undefined {
  // A plugin in JavaScript has not met the compiler: nothing about it is certain.
  const { name, version, engine, setup, options } = plugin as Partial<Plugin>;
  const who = typeof name === 'string' && name !== '' ? name : 'the plugin';
  const texts = Object.entries({ name, version, engine }).filter(
    ([, value]) => typeof value !== 'string' || value === '',
  );
  const missing = texts.map(([key]) => key);
  if (typeof setup !== 'function') missing.push('setup');
  if ((options as Partial<Plugin['options']> | undefined)?._zod?.def?.type !== 'object') missing.push('options');
  if (missing.length > 0) {
    const help =
      'definePlugin wants name, version and engine as strings, options as a zod 4 object, and setup as a function';
    return { message: `${who} is not a complete plugin: ${missing.join(', ')} missing or of the wrong kind`, help };
  }
  const fits = inRange(ENGINE_VERSION, engine ?? '');
  if (fits === true) return undefined;
  const range = `"${engine}"`;
  if (fits === undefined)
    return { message: `${who} has an engine range that cannot be read: ${range}`, help: 'write it like "^1"' };
  return {
    message: `${who} ${version} was written for engine ${range}, and this core has ${ENGINE_VERSION}`,
    help: `install a version of ${who} that fits, or another version of @gatewright/core`,
  };
}

/** The instance id where the configuration gives none. */
export function defaultId(plugin: Plugin): string {
  return plugin.id ?? plugin.name.replace(/^@[^/]+\//, '');
}
