/** Loads the plugins of a configuration, with their options parsed by their own schemas. */
import type { Plugin } from '../plugin.ts';
import { isPlugin } from '../plugin.ts';
import { check, type Checking } from './check.ts';
import { deprecatedOptions } from './deprecated-options.ts';
import type { NormalPlugin } from './normal.ts';
import { pathText, valueAt, type Path } from './path.ts';
import { defaultId, loadPlugin, pluginFault, type Importer } from './plugin-module.ts';
import type { Fault } from './problems.ts';
import { isPackage, resolvePlugin } from './resolve.ts';
import { isolationOf } from './isolation.ts';
import { pluginEntry } from './schema.ts';
import { pluginName } from './switches.ts';

/** Every plugin that could be loaded; what is wrong with the others goes to the problems. */
export async function normalPlugins(checking: Checking, importer: Importer): Promise<NormalPlugin[]> {
  const entries = valueAt(checking.expanded.value, ['plugins']);
  if (!Array.isArray(entries)) return [];
  const loading = entries.map((entry: unknown, index) => loadEntry(entry, index, checking, importer));
  const plugins: NormalPlugin[] = [];
  for (const [index, loaded] of (await Promise.all(loading)).entries()) {
    const plugin = loaded && (await normalPlugin(loaded, index, checking));
    if (plugin !== undefined) plugins.push(plugin);
  }
  refuseSameIds(plugins, checking);
  return plugins;
}

interface LoadedEntry {
  readonly use: string;
  readonly id: string | undefined;
  /** What the entry is called where the plugin cannot say it. */
  readonly name: string | undefined;
  readonly plugin: Plugin | Fault;
  readonly policy: Pick<NormalPlugin, 'onError' | 'timeout' | 'isolate' | 'file'>;
}

/** Undefined where the entry itself is wrong: that has been reported with the whole configuration. */
async function loadEntry(
  entry: unknown,
  index: number,
  { source, expanded }: Checking,
  importer: Importer,
): Promise<LoadedEntry | undefined> {
  const parsed = pluginEntry.safeParse(entry);
  if (!parsed.success || expanded.broken.has(pathText(['plugins', index, 'use']))) return undefined;
  const { use, id, onError, timeout } = parsed.data;
  const isolate = isolationOf(parsed.data.isolate as Parameters<typeof isolationOf>[0]);
  const name = pluginName(entry);
  const policy = {
    ...(onError !== undefined && { onError }),
    ...(timeout !== undefined && { timeout }),
    ...(isolate !== undefined && { isolate }),
  };
  if (typeof use !== 'string') return { use: '(inline)', id, name, policy, plugin: pluginFault(use) ?? use };
  const plugin = await loadPlugin(use, source.folder, importer);
  const file = isolate === undefined ? undefined : resolvePlugin(use, source.folder);
  return { use, id, name, plugin, policy: typeof file === 'string' ? { ...policy, file } : policy };
}

async function normalPlugin(loaded: LoadedEntry, index: number, checking: Checking): Promise<NormalPlugin | undefined> {
  const path = ['plugins', index];
  const { use, id, name, plugin, policy } = loaded;
  const { source, problems } = checking;
  if (!isPlugin(plugin)) {
    problems.push({
      position: source.position([...path, 'use']),
      ...plugin,
      ...(name !== undefined && { plugin: name }),
    });
    return undefined;
  }
  const instance = id ?? defaultId(plugin);
  const before = problems.length;
  const options = await checkedOptions(plugin, [...path, 'with'], checking, instance);
  if (problems.length === before) {
    checking.notices?.push(...deprecatedOptions(plugin.options, [...path, 'with'], checking, instance));
  }
  if (isPackage(use)) {
    // Whose option it is that is wrong, in words that its author understands.
    const from = ` (${plugin.name} ${plugin.version})`;
    const own = problems.splice(before);
    for (const problem of own) problems.push({ ...problem, message: problem.message + from });
  }
  return { use, id: instance, plugin, options, ...policy, position: source.position(path) };
}

async function checkedOptions(plugin: Plugin, path: Path, checking: Checking, id: string): Promise<unknown> {
  try {
    return await check(strict(plugin.options), path, checking, id);
  } catch {
    // What it threw may tell the options.
    const position = checking.source.position(path);
    checking.problems.push({ position, message: 'the options schema of the plugin threw an error', plugin: id });
    return undefined;
  }
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
