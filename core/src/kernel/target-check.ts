/** Finds the targets of a configuration that nobody serves. */
import { nearest } from '../config/nearest.ts';
import type { NormalConfig, Problem } from '../config/normal.ts';
import type { ProviderEntry } from '../hooks/registry.ts';

/** Reports every target whose provider is not there, or speaks a dialect that nobody registered. */
export function checkTargets(
  config: NormalConfig,
  providers: ReadonlyMap<string, ProviderEntry>,
  dialects: ReadonlySet<string>,
  problems: Problem[],
): void {
  const ids = [...providers.keys()];
  for (const model of config.models) {
    for (const target of model.targets) {
      const provider = providers.get(target.provider);
      if (provider !== undefined) {
        const fault = dialectFault(provider, target.model, dialects);
        if (fault !== undefined) problems.push({ position: target.position, ...fault });
        continue;
      }
      const near = nearest(target.provider, ids);
      problems.push({
        position: target.position,
        message: `The model "${model.name}" has a target at the provider "${target.provider}", and no plugin serves that.${near === undefined ? '' : ` Did you mean "${near}"?`}`,
        help: `Add a provider plugin with \`id: ${target.provider}\`, or name one of: ${ids.join(', ') || '(there are none)'}.`,
      });
    }
  }
  for (const provider of providers.values()) {
    // An operation whose dialect nobody speaks is merely not served; a provider that can serve none is a mistake.
    const spoken = [...provider.operations.values()].flat().map((operation) => operation.dialect);
    if (spoken.length === 0 || spoken.some((dialect) => dialects.has(dialect))) continue;
    const { plugin } = provider.tap.spec;
    const names = spoken.map((dialect) => `"${dialect}"`).join(', ');
    problems.push({
      position: config.plugins.find((one) => one.id === plugin.id)?.position ?? { path: 'plugins' },
      plugin: plugin.id,
      message: `The provider "${provider.id}" speaks ${names}, and no plugin registers that dialect.`,
      help: `Add the plugin that registers ${names}.`,
    });
  }
}

/** What keeps a provider from serving a model, where it serves others: that nobody registered the model's own dialects. */
function dialectFault(
  provider: ProviderEntry,
  model: string,
  dialects: ReadonlySet<string>,
): Omit<Problem, 'position'> | undefined {
  const all = [...provider.operations.values()].flat();
  const serving = all.filter(({ serves }) => model.includes('*') || serves?.(model) !== false);
  const isSpoken = ({ dialect }: { readonly dialect: string }): boolean => dialects.has(dialect);
  if (!all.some(isSpoken) || serving.some(isSpoken)) return undefined;
  const names = serving.map(({ dialect }) => `"${dialect}"`).join(', ');
  const plugin = provider.tap.spec.plugin.id;
  if (serving.length === 0) {
    const message = `The provider "${provider.id}" does not serve "${model}".`;
    return { plugin, message, help: 'Name another model or provider in the target.' };
  }
  return {
    plugin,
    message: `The provider "${provider.id}" serves "${model}" in ${names}, and no plugin registers that dialect.`,
    help: `Add the plugin that registers ${names}.`,
  };
}
