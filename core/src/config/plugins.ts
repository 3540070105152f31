/** Loads the plugins of a configuration, with their options parsed by their own schemas. */
import type { Plugin } from '../plugin.ts';
import { isPlugin } from '../plugin.ts';
import { check, type Checking } from './check.ts';
import type { NormalPlugin } from './normal.ts';
import { pathText, valueAt } from './path.ts';
import { defaultId, loadPlugin, pluginFault, type Importer } from './plugin-module.ts';
import type { Fault } from './problems.ts';
import { pluginEntry } from './schema.ts';
import { pluginName } from './switches.ts';

/** Every plugin that could be loaded; what is wrong with the others goes to the problems. */
export async function normalPlugins(checking: Checking, importer: Importer): Promise<NormalPlugin[]> {
  const entries = valueAt(checking.expanded.value, ['plugins']);
  if (!Array.isArray(entries)) return [];
  const loaded = await Promise.all(
    entries.map((entry: unknown, index) => normalPlugin(entry, index, checking, importer)),
  );
  const plugins = loaded.filter((plugin) => plugin !== undefined);
  refuseSameIds(plugins, checking);
  return plugins;
}

async function normalPlugin(
  entry: unknown,
  index: number,
  checking: Checking,
  importer: Importer,
): Promise<NormalPlugin | undefined> {
  const path = ['plugins', index];
  const { source, expanded, problems } = checking;
  // What is wrong with the entry itself has been reported with the whole configuration.
  const parsed = pluginEntry.safeParse(entry);
  if (!parsed.success || expanded.broken.has(pathText([...path, 'use']))) return undefined;
  const { use, id } = parsed.data;
  const plugin = typeof use === 'string' ? await loadPlugin(use, source.folder, importer) : (pluginFault(use) ?? use);
  if (!isPlugin(plugin)) {
    const named = pluginName(entry);
    const position = source.position([...path, 'use']);
    problems.push({ position, ...(plugin satisfies Fault), ...(named !== undefined && { plugin: named }) });
    return undefined;
  }
  const instance = id ?? defaultId(plugin);
  const options: unknown = await check(strict(plugin.options), [...path, 'with'], checking, instance);
  return {
    use: typeof use === 'string' ? use : '(inline)',
    id: instance,
    plugin,
    options,
    position: source.position(path),
  };
}

/** A misspelt option must never pass in silence, even where a plugin's schema would let it. */
function strict(options: Plugin['options']): Plugin['options'] {
  return options.def.catchall === undefined && 'strict' in options ? options.strict() : options;
}

function refuseSameIds(plugins: readonly NormalPlugin[], { problems }: Checking): void {
  const first = new Map<string, NormalPlugin>();
  for (const plugin of plugins) {
    const other = first.get(plugin.id);
    if (other === undefined) first.set(plugin.id, plugin);
    else {
      const { line, path } = other.position;
      const where = line === undefined ? path : `${path}, line ${line}`;
      problems.push({
        position: plugin.position,
        message: `the id "${plugin.id}" is already taken by ${where}`,
        help: `give this one an id of its own, such as "id: ${plugin.id}-2"`,
        plugin: plugin.id,
      });
    }
  }
}
