/** The plugins of this repository, loaded from their sources. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPlugin, type Plugin } from '@gatewright/core';
import { ROOT } from '../house/tree.ts';

/** Packages among the plugins that are none: they have no options and tap no hooks. */
export const NO_PLUGINS: readonly string[] = ['testkit', 'create-gatewright'];

/** The folder names under `plugins/` that hold a package, sorted. */
export function packageFolders(): string[] {
  const entries = readdirSync(join(ROOT, 'plugins'), { withFileTypes: true });
  const packages = entries.filter((one) => existsSync(join(ROOT, 'plugins', one.name, 'package.json')));
  return packages.map((one) => one.name).toSorted();
}

/** The folder names under `plugins/` that hold a plugin. */
export const pluginNames = (): string[] => packageFolders().filter((name) => !NO_PLUGINS.includes(name));

/** Imports a plugin's source. Throws an Error that says what is missing when its default export is no plugin. */
export async function loadPlugin(name: string): Promise<Plugin> {
  const path = join(ROOT, 'plugins', name, 'src', 'index.ts');
  if (!existsSync(path)) throw new Error(`plugins/${name} has no src/index.ts.`);
  const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  if (isPlugin(module.default)) return module.default;
  throw new Error(`plugins/${name}/src/index.ts must default-export what definePlugin returns.`);
}
