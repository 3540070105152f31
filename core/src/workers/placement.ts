/** Where the plugins of a configuration live when it is served by several processes. */
import type { NormalConfig, NormalPlugin, Problem } from '../config/normal.ts';
import type { ServiceName, Services } from '../services.ts';
import { remoteState } from './remote-state.ts';
import { remoteStore } from './remote-store.ts';
import type { RemoteService, RemoteServices } from './remote.ts';

export type Placement = 'each' | 'primary' | 'refuse';

/** The services whose processes the core itself can part. */
const REMOTE: RemoteServices = { state: remoteState, store: remoteStore };

/**
 * Who says nothing lives in each worker. Not so who provides what all must share: two of them, each in the belief to be the
 * only one, would let budgets be spent twice.
 */
export function placementOf({ plugin }: NormalPlugin): Placement {
  if (plugin.workers !== undefined) return plugin.workers;
  const shares = (plugin.provides ?? []).some((name) => name in REMOTE || name === 'bindings');
  return shares ? 'refuse' : 'each';
}

export function remoteOf<S extends ServiceName>(
  { plugin }: NormalPlugin,
  name: S,
): RemoteService<Services[S]> | undefined {
  return plugin.remote?.[name] ?? REMOTE[name];
}

/** What keeps a configuration from being served by several processes. */
export function placementProblems({ plugins }: NormalConfig): Problem[] {
  return plugins.flatMap((plugin): Problem[] => {
    const { id, position } = plugin;
    const placement = placementOf(plugin);
    if (placement === 'refuse') {
      return [
        {
          position,
          plugin: id,
          message: `Plugin "${id}" cannot be shared by several processes, and the configuration asks for workers.`,
          help: 'Serve with "workers: 1", or take a plugin in its place that can be shared.',
        },
      ];
    }
    if (placement === 'each') return [];
    const unknown = (plugin.plugin.provides ?? []).filter((name) => remoteOf(plugin, name) === undefined);
    return unknown.map((name) => ({
      position,
      plugin: id,
      message: `Plugin "${id}" lives in the primary process, and does not say how workers use its service "${name}".`,
      help: 'Serve with "workers: 1", or let the plugin say so in `remote`.',
    }));
  });
}

/** The part of a configuration that the primary sets up: what lives there, and the services that it uses. */
export function primaryPart(config: NormalConfig): NormalConfig {
  const wanted = new Set(config.plugins.filter((plugin) => placementOf(plugin) === 'primary'));
  // A set hears of what is added while it is gone through: the services of the services, too.
  for (const { plugin } of wanted) {
    for (const name of [...(plugin.uses ?? []), ...(plugin.usesIfPresent ?? [])]) {
      const provider = config.plugins.find((other) => other.plugin.provides?.includes(name));
      if (provider !== undefined) wanted.add(provider);
    }
  }
  return { ...config, models: [], plugins: config.plugins.filter((plugin) => wanted.has(plugin)) };
}
