/** Checks what models and targets say to single plugins: their `with`, by the plugin's id. */
import type { z } from 'zod';
import { check, type Checking } from './check.ts';
import { deprecatedOptions } from './deprecated-options.ts';
import { nearest } from './nearest.ts';
import type { NormalPlugin, PluginSettings } from './normal.ts';
import { isRecord, pathText, valueAt, type Path } from './path.ts';
import type { Fault } from './problems.ts';

/** The parsed settings of models and targets, by {@link pathText} of where they stand: `models.smart.targets[0]`. */
export type SettingsByPlace = ReadonlyMap<string, PluginSettings>;

type Part = 'model' | 'target';

/** Of everything that stands under a `with`, what the plugins' own schemas made of it; what is wrong goes to the problems. */
export async function settingsOfPlugins(
  plugins: readonly NormalPlugin[],
  checking: Checking,
): Promise<SettingsByPlace> {
  const found = new Map<string, PluginSettings>();
  const models = valueAt(checking.expanded.value, ['models']);
  if (!isRecord(models)) return found;
  const others = absentIds(plugins, checking);
  const read = async (path: Path, part: Part): Promise<void> => {
    const given = valueAt(checking.expanded.value, [...path, 'with']);
    // Anything else is reported with the whole configuration.
    if (!isRecord(given)) return;
    const settings: Record<string, unknown> = {};
    for (const id of Object.keys(given)) {
      const plugin = plugins.find((one) => one.id === id);
      const schema = plugin && schemaOf(plugin, part);
      if (schema !== undefined) {
        settings[id] = await check(schema, [...path, 'with', id], checking, id);
        checking.notices?.push(...deprecatedOptions(schema, [...path, 'with', id], checking, id));
      } else if (plugin !== undefined || !(others === 'unknown' || others.has(id))) {
        const position = checking.source.position([...path, 'with', id], 'key');
        checking.problems.push({ position, ...refusal(id, part, plugin, plugins) });
      }
    }
    if (Object.keys(settings).length > 0) found.set(pathText(path), settings);
  };
  for (const [name, model] of Object.entries(models)) {
    await read(['models', name], 'model');
    const targets: unknown = isRecord(model) ? model['targets'] : undefined;
    if (!Array.isArray(targets)) continue;
    for (const index of targets.keys()) await read(['models', name, 'targets', index], 'target');
  }
  return found;
}

/** The schema of what a plugin reads on a model or a target, strict; undefined where it reads nothing there. */
export function schemaOf({ plugin }: Pick<NormalPlugin, 'plugin'>, part: Part): z.ZodObject | undefined {
  const schema = part === 'model' ? plugin.modelOptions : plugin.targetOptions;
  return schema === undefined || schema.def.catchall !== undefined ? schema : schema.strict();
}

function refusal(id: string, part: Part, plugin: NormalPlugin | undefined, plugins: readonly NormalPlugin[]): Fault {
  const able = plugins.filter((one) => schemaOf(one, part) !== undefined).map((one) => one.id);
  const message =
    plugin === undefined ? `there is no plugin "${id}"` : `the plugin "${id}" takes no options on a ${part}`;
  if (able.length === 0) return { message, help: `remove it: no plugin here takes options on a ${part}` };
  const near = plugin === undefined ? nearest(id, able) : undefined;
  const help = near === undefined ? `those that do: ${able.join(', ')}` : `did you mean "${near}"?`;
  return { message, help };
}

/**
 * The ids of plugins that are switched off, whose settings are left alone; `unknown` where a plugin could not be loaded,
 * for it may be the one that is meant.
 */
function absentIds(plugins: readonly NormalPlugin[], { source, expanded }: Checking): ReadonlySet<string> | 'unknown' {
  const [written, entries] = [valueAt(source.value, ['plugins']), valueAt(expanded.value, ['plugins'])];
  if (!Array.isArray(written) || !Array.isArray(entries)) return new Set();
  if (entries.filter((entry) => entry !== undefined).length > plugins.length) return 'unknown';
  const off = (written as unknown[]).filter((_, index) => entries[index] === undefined);
  return new Set(off.map(probableId));
}

/** The id that an entry has, as far as that can be told without loading its plugin. */
function probableId(entry: unknown): string {
  if (!isRecord(entry)) return '';
  const { id, use } = entry;
  if (typeof id === 'string') return id;
  const plugin = use as { readonly id?: string; readonly name?: string } | undefined;
  const name = typeof use === 'string' ? use.replace(/\.[cm]?[jt]s$/, '') : (plugin?.id ?? plugin?.name ?? '');
  return name.slice(name.lastIndexOf('/') + 1);
}
