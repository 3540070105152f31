/** Holds what a plugin declares against what it has registered. */
import type { NormalConfig, NormalPlugin, Problem } from '../config/normal.ts';
import { deprecationText, type Deprecation } from '../deprecation.ts';
import { GatewayError } from '../errors.ts';
import type { HookName } from '../hooks/checks.ts';
import type { ProviderEntry } from '../hooks/registry.ts';
import type { Boot } from './boot.ts';
import { describePosition } from './position.ts';

/** Hooks of the contract that will be gone. */
const DEPRECATED_HOOKS: ReadonlyMap<HookName, Deprecation> = new Map();

/** Answers with what should be mended. Throws `GW_PLUGIN_CONTRACT` where the plugin claims what it does not do. */
export function checkDeclared(
  plugin: NormalPlugin,
  { hooks, registrations: { dialects, owners } }: Pick<Boot, 'hooks' | 'registrations'>,
  isIdle: boolean,
  deprecatedHooks = DEPRECATED_HOOKS,
): Problem[] {
  const { id, position } = plugin;
  const { supports = {} } = plugin.plugin;
  const tapped = hooks.tappedBy(id);
  const own = [...dialects.values()].filter((dialect) => owners.get(dialect) === id);
  const served = new Set<string>([...tapped.operations, ...own.map(({ operation }) => operation)]);
  const missing = (supports.operations ?? []).filter((operation) => !served.has(operation));
  if (missing.length > 0) {
    const names = missing.join(', ');
    const message = `it claims ${names} in \`supports.operations\`, and does not serve it`;
    const help =
      'Take another version of it, or tell its author: what depends on its options stands in `supports.operationsIfConfigured`.';
    throw new GatewayError('GW_PLUGIN_CONTRACT', message, { plugin: id, help });
  }
  const notices = [...deprecatedHooks]
    .filter(([hook]) => tapped.hooks.has(hook))
    .map(([hook, said]): Problem => {
      const message = `the hook ${hook}, which it taps, ${deprecationText(said)}`;
      return {
        position,
        plugin: id,
        message,
        help: `use ${said.instead} instead, or take a newer version of the plugin`,
      };
    });
  if (isIdle && tapped.hooks.size === 0) {
    const message = 'has registered nothing: no hook, no route, no service';
    notices.push({
      position,
      plugin: id,
      message,
      help: 'remove it, or give it the options with which it does something',
    });
  }
  return notices;
}

/** Providers that no target names. */
export function unusedProviders(config: NormalConfig, providers: ReadonlyMap<string, ProviderEntry>): Problem[] {
  const used = new Set(config.models.flatMap(({ targets }) => targets.map(({ provider }) => provider)));
  return [...providers.values()]
    .filter(({ id }) => !used.has(id))
    .map(({ id, tap }): Problem => {
      const plugin = tap.spec.plugin.id;
      const position = config.plugins.find((one) => one.id === plugin)?.position ?? { path: 'plugins' };
      return { position, plugin, message: `serves no model: no target names the provider "${id}"` };
    });
}

/** One line for logs. */
export function noticeText({ position, plugin = 'core', message, help }: Problem): string {
  const { path } = position;
  const where = describePosition(position);
  const place = where === path ? where : `${where}, ${path}`;
  return `Plugin "${plugin}" (${place}): ${message}${help === undefined ? '' : `; ${help}`}.`;
}
