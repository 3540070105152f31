/** The services of one kernel: who provides them, who uses them, and the order of setup that follows. */
import type { NormalPlugin, Problem } from '../config/normal.ts';
import { GatewayError } from '../errors.ts';
import type { ServiceName, Services } from '../services.ts';

/** The services that have been provided so far. */
export class ServiceRegistry {
  readonly #services = new Map<ServiceName, unknown>();

  provide<S extends ServiceName>(name: S, service: Services[S], plugin: NormalPlugin): void {
    if (!(plugin.plugin.provides ?? []).includes(name)) {
      throw contractError(plugin, `provides the service "${name}" without declaring it in \`provides\``);
    }
    this.#services.set(name, service);
  }

  use<S extends ServiceName>(name: S, plugin: NormalPlugin): Services[S] {
    if (!(plugin.plugin.uses ?? []).includes(name)) {
      throw contractError(plugin, `uses the service "${name}" without declaring it in \`uses\``);
    }
    const service = this.get(name);
    if (service === undefined)
      throw contractError(plugin, `needs the service "${name}", which its provider did not set up`);
    return service;
  }

  get<S extends ServiceName>(name: S): Services[S] | undefined {
    return this.#services.get(name) as Services[S] | undefined;
  }
}

function contractError(plugin: NormalPlugin, what: string): GatewayError {
  return new GatewayError('GW_PLUGIN_CONTRACT', `Plugin "${plugin.id}" ${what}.`, { plugin: plugin.id });
}

/** The plugins in an order in which every service is provided before it is used; config order breaks ties. */
export function setupOrder(plugins: readonly NormalPlugin[], problems: Problem[]): readonly NormalPlugin[] {
  const providers = findProviders(plugins, problems);
  const ordered: NormalPlugin[] = [];
  const state = new Map<NormalPlugin, 'visiting' | 'done'>();
  const visit = (plugin: NormalPlugin, path: readonly NormalPlugin[]): void => {
    if (state.get(plugin) === 'done') return;
    if (state.get(plugin) === 'visiting') {
      const circle = [...path.slice(path.indexOf(plugin)), plugin].map((one) => `"${one.id}"`).join(' → ');
      problems.push({
        position: plugin.position,
        plugin: plugin.id,
        message: `The services of these plugins depend on each other in a circle: ${circle}.`,
      });
      return;
    }
    state.set(plugin, 'visiting');
    for (const name of [...(plugin.plugin.uses ?? []), ...(plugin.plugin.usesIfPresent ?? [])]) {
      const provider = providers.get(name);
      if (provider !== undefined && provider !== plugin) visit(provider, [...path, plugin]);
    }
    state.set(plugin, 'done');
    ordered.push(plugin);
  };
  for (const plugin of plugins) visit(plugin, []);
  reportMissing(plugins, providers, problems);
  return ordered;
}

function findProviders(plugins: readonly NormalPlugin[], problems: Problem[]): Map<ServiceName, NormalPlugin> {
  const providers = new Map<ServiceName, NormalPlugin>();
  for (const plugin of plugins) {
    for (const name of plugin.plugin.provides ?? []) {
      const other = providers.get(name);
      if (other === undefined) providers.set(name, plugin);
      else {
        const message = `Both "${other.id}" and "${plugin.id}" provide the service "${name}"; only one may.`;
        problems.push({
          position: plugin.position,
          plugin: plugin.id,
          message,
          help: 'Remove one of the two plugins.',
        });
      }
    }
  }
  return providers;
}

function reportMissing(
  plugins: readonly NormalPlugin[],
  providers: ReadonlyMap<ServiceName, NormalPlugin>,
  problems: Problem[],
): void {
  for (const plugin of plugins) {
    for (const name of plugin.plugin.uses ?? []) {
      if (providers.has(name)) continue;
      problems.push({
        position: plugin.position,
        plugin: plugin.id,
        message: `Plugin "${plugin.id}" needs the service "${name}", and no plugin provides it.`,
        help: `Add a plugin that provides "${name}".`,
        service: name,
      });
    }
  }
}
