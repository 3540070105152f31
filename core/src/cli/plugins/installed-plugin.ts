/** What is known of one plugin that is installed, or named by the configuration. */
import { pathToFileURL } from 'node:url';
import { inconvertible } from '../../config/inconvertible.ts';
import { exportedPlugin, importModule, loadPlugin } from '../../config/plugin-module.ts';
import type { Fault } from '../../config/problems.ts';
import { resolvePlugin } from '../../config/resolve.ts';
import { isPlugin, type Plugin } from '../../plugin.ts';
import { manifestOf } from '../manifest.ts';
import type { Brought } from '../../plan/description.ts';

export interface InstalledPlugin {
  /** The package's name, or the path that the configuration gives. */
  readonly use: string;
  /** The package's name as the plugin itself says it. */
  readonly name?: string;
  readonly version?: string;
  /** The range of contract versions that it was written for. */
  readonly engine?: string;
  /** The ids under which the configuration has it; none where it is only installed. */
  readonly configured: readonly string[];
  /** What it does for the gateway, in the words of the vocabulary. */
  readonly roles: readonly string[];
  /** The hooks that it taps; only known of plugins that are set up. */
  readonly hooks?: readonly string[];
  /** The hooks that it says it may tap. */
  readonly declares?: readonly string[];
  /** Why it cannot be used. */
  readonly fault?: Fault;
}

/** Hooks, with the role that whoever taps them has. */
const ROLES: Readonly<Record<string, string>> = {
  call: 'provider',
  auth: 'auth',
  route: 'router',
  'transform.request': 'transform',
  'transform.event': 'transform',
  'transform.response': 'transform',
  'call.answer': 'cache',
  'meter.reserve': 'meter',
  'meter.settle': 'meter',
  log: 'sink',
};

/** Loads a plugin to look at it. `brought` is what its instances registered, where they were set up. */
export async function installedPlugin(
  use: string,
  folder: string,
  configured: readonly string[],
  brought: readonly Brought[],
): Promise<InstalledPlugin> {
  const loaded = await loadPlugin(use, folder, importModule);
  if (!isPlugin(loaded)) {
    return { use, ...(await saidBy(use, folder)), configured, roles: [], fault: loaded };
  }
  const { name, version, engine } = loaded;
  const fault = inconvertible(loaded);
  const { hooks: declares } = loaded.supports ?? {};
  const hooks = brought.flatMap((one) => [...one.hooks, ...one.providers.slice(0, 1).map(() => 'call')]);
  return {
    use,
    name,
    version,
    engine,
    configured,
    roles: rolesOf(loaded, brought),
    ...(brought.length > 0 && { hooks: [...new Set(hooks)] }),
    ...(declares !== undefined && { declares }),
    ...(fault !== undefined && { fault }),
  };
}

/** Of a plugin that is not set up is known what it says: the services that it provides, and the hooks that it may tap. */
function rolesOf({ provides = [], supports = {} }: Plugin, brought: readonly Brought[]): string[] {
  if (brought.length === 0)
    return [...new Set([...(supports.hooks ?? []).map((hook) => ROLES[hook] ?? hook), ...provides])];
  const roles = brought.flatMap(({ providers, dialects, surfaces, hooks, routes }) => [
    ...(providers.length > 0 ? ['provider'] : []),
    ...(dialects.length > 0 ? ['dialect'] : []),
    ...(surfaces.length > 0 ? ['surface'] : []),
    ...hooks.map((hook) => ROLES[hook] ?? hook),
    ...(routes.length > 0 ? ['routes'] : []),
  ]);
  return [...new Set([...roles, ...provides])];
}

/** What a plugin that cannot be used says of itself: the engine that it was written for, or at least its version. */
async function saidBy(use: string, folder: string): Promise<Partial<Pick<Plugin, 'name' | 'version' | 'engine'>>> {
  const file = resolvePlugin(use, folder);
  if (typeof file !== 'string') return {};
  try {
    const plugin = exportedPlugin(await importModule(pathToFileURL(file).href));
    if (plugin !== undefined) return { name: plugin.name, version: plugin.version, engine: plugin.engine };
  } catch {
    // Why it cannot be imported has been said.
  }
  const version = manifestOf(use, folder)?.version;
  return typeof version === 'string' ? { version } : {};
}
