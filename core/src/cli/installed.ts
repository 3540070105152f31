/** The plugins that are installed beside a configuration, whether it names them or not. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { manifestAt, withParents } from './manifest.ts';

const SCOPE = '@gatewright';
const KEYWORD = 'gatewright-plugin';
/** What wants the core beside it and is no plugin. */
const TOOL = 'gatewright-tool';
const CORE = '@gatewright/core';

/**
 * The names of packages that say they are plugins: those of Gatewright's own scope that want the core beside them, and
 * the dependencies of the nearest package.json that carry the keyword `gatewright-plugin`.
 */
export function installedPlugins(folder: string): string[] {
  const folders = withParents(folder);
  const own = folders.flatMap((at) => namesIn(join(at, 'node_modules', SCOPE))).map((name) => `${SCOPE}/${name}`);
  const nearest = folders.map((at) => manifestAt(at)).find((manifest) => manifest !== undefined);
  const named = Object.keys({ ...nearest?.dependencies, ...nearest?.devDependencies });
  const found = [...new Set([...own, ...named])].filter((name) => isPluginPackage(name, folders));
  return found.toSorted();
}

function isPluginPackage(name: string, folders: readonly string[]): boolean {
  for (const folder of folders) {
    const manifest = manifestAt(join(folder, 'node_modules', name));
    if (manifest === undefined) continue;
    if (manifest.keywords?.includes(KEYWORD) === true) return true;
    const isTool = manifest.keywords?.includes(TOOL) === true;
    return name.startsWith(`${SCOPE}/`) && !isTool && manifest.peerDependencies?.[CORE] !== undefined;
  }
  return false;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
