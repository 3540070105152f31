/** What models and targets say to single plugins, as it may be shown. */
import type { NormalModel, NormalPlugin, PluginSettings } from '../config/normal.ts';
import { schemaOf } from '../config/settings-of-plugins.ts';
import { masked } from './masked.ts';

/** The `with` of a model or a target, secrets masked; nothing where it has none. */
function shownSettings(
  settings: PluginSettings | undefined,
  part: 'model' | 'target',
  plugins: readonly NormalPlugin[],
): { with?: PluginSettings } {
  if (settings === undefined) return {};
  const entries = Object.entries(settings).map(([id, given]): [string, unknown] => {
    const plugin = plugins.find((one) => one.id === id);
    const schema = plugin && schemaOf(plugin, part);
    return [id, schema === undefined ? undefined : masked(schema, given)];
  });
  return { with: Object.fromEntries(entries) };
}

/** A model whose settings, and those of its targets, are masked. */
export function shownModel(model: NormalModel, plugins: readonly NormalPlugin[]): NormalModel {
  const targets = model.targets.map((target) => ({ ...target, ...shownSettings(target.with, 'target', plugins) }));
  return { ...model, targets, ...shownSettings(model.with, 'model', plugins) };
}

/** `routing: {"strategy":"ordered"}`, one for each plugin. */
export function settingsLines(settings: PluginSettings | undefined): string[] {
  return Object.entries(settings ?? {}).map(([id, given]) => `${id}: ${JSON.stringify(given)}`);
}
