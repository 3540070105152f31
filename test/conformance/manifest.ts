/** Where plugins of this repository, and the templates of others, are. */
import { isPlugin, type Plugin } from '@gatewright/core';

const TEMPLATES = '../../plugins/create-gatewright/templates';

/** The package.json of a plugin of this repository. */
export function manifestOf(plugin: string): URL {
  return new URL(`../../plugins/${plugin}/package.json`, import.meta.url);
}

/** The same of a template that `npm create gatewright` makes plugins of. */
export function templateManifest(kind: string): URL {
  return new URL(`${TEMPLATES}/${kind}/package.json`, import.meta.url);
}

/** The plugin of a template. Throws where it has none. */
export async function templatePlugin(kind: string): Promise<Plugin> {
  const url = new URL(`${TEMPLATES}/${kind}/src/index.ts`, import.meta.url).href;
  const { default: plugin } = (await import(url)) as { readonly default?: unknown };
  if (!isPlugin(plugin)) throw new Error(`The template "${kind}" has no plugin.`);
  return plugin;
}
