/** `gatewright plugins`: what is installed beside a configuration, and what of it can be used. */
import { ENGINE_VERSION } from '../../plugin.ts';
import { count } from '../../count.ts';
import { failureText } from '../failure.ts';
import { inspect } from '../inspection.ts';
import { installedPlugins } from '../installed.ts';
import { planOf, type Brought } from '../../plan/description.ts';
import { table } from '../table.ts';
import { colorsFor, widthOf, type Colors, type Terminal } from '../terminal.ts';
import { usesOf, type Uses } from '../uses.ts';
import { installedPlugin, type InstalledPlugin } from './installed-plugin.ts';

export interface PluginsOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** Resolves with the exit code: 1 where a plugin that the configuration names cannot be used. */
export async function plugins({ config = '.', json = false }: PluginsOptions, terminal: Terminal): Promise<number> {
  const { out, err, env } = terminal;
  const uses = await usedBy(config, terminal);
  const { booted = [], failure } = await boot(config, uses, terminal);
  const names = new Set([...uses.entries.map(({ use }) => use), ...installedPlugins(uses.folder)]);
  const found: InstalledPlugin[] = [];
  for (const use of names) {
    const own = booted.filter((plugin) => plugin.use === use);
    const ids = own.length > 0 ? own.map(({ id }) => id) : idsOf(use, uses, failure === undefined);
    const brought = own.map(({ brings }) => brings);
    found.push(await installedPlugin(use, uses.folder, ids, brought));
  }
  if (json) out.write(`${JSON.stringify({ engine: ENGINE_VERSION, plugins: found }, undefined, 2)}\n`);
  else out.write(page(found, colorsFor(out, env), widthOf(out)));
  if (failure !== undefined) {
    err.write(`The configuration does not boot, so hooks and most roles are not known:\n${failure}\n`);
  }
  return found.some(({ fault, configured }) => fault !== undefined && configured.length > 0) ? 1 : 0;
}

/** Without a configuration there are still packages. */
async function usedBy(config: string, { cwd }: Terminal): Promise<Uses> {
  const uses = await usesOf(config, cwd);
  return 'problems' in uses ? { folder: cwd, file: undefined, entries: [], count: 0 } : uses;
}

interface Booted {
  readonly use: string;
  readonly id: string;
  readonly brings: Brought;
}

/** What plugins registered is known only once they are set up. */
async function boot(
  config: string,
  { file }: Uses,
  terminal: Terminal,
): Promise<{ readonly booted?: readonly Booted[]; readonly failure?: string }> {
  if (file === undefined) return {};
  try {
    const booted = await inspect({ config }, terminal, ({ kernel }) => {
      const brings = new Map(planOf(kernel).plugins.map((plugin) => [plugin.id, plugin.brings]));
      return kernel.config.plugins.flatMap(({ use, id }) => {
        const brought = brings.get(id);
        return brought === undefined ? [] : [{ use, id, brings: brought }];
      });
    });
    return { booted };
  } catch (error) {
    return { failure: failureText(error, colorsFor(terminal.err, terminal.env)) };
  }
}

/** What the configuration says of a plugin that was not set up: an entry that boots and is not there is switched off. */
function idsOf(use: string, { entries }: Uses, boots: boolean): string[] {
  const named = entries.filter((entry) => entry.use === use).map(({ id }) => id ?? use);
  return boots ? named.map((id) => `${id} (switched off)`) : named;
}

function page(found: readonly InstalledPlugin[], colors: Colors, width: number): string {
  if (found.length === 0) return 'No plugin is installed: npx gatewright add <package>\n';
  const head = ['plugin', 'version', 'engine', 'configured as', 'role', 'hooks'].map((word) => colors.bold(word));
  const rows = found.map(({ use, version = '', engine, configured, roles, hooks, declares = [], fault }) => [
    fault === undefined ? use : colors.red(use),
    version,
    engine ?? '',
    configured.length === 0 ? colors.dim('no') : configured.join(', '),
    roles.join(', '),
    hooks === undefined ? colors.dim(declares.join(', ')) : hooks.join(', '),
  ]);
  const faults = found.flatMap(({ use, fault }) => {
    if (fault === undefined) return [];
    const help = fault.help === undefined ? [] : [`    ${colors.dim('help:')} ${fault.help}`];
    return [`${colors.red('not usable:')} ${fault.message.includes(use) ? '' : `${use}: `}${fault.message}`, ...help];
  });
  const said = found.some(({ hooks, declares = [] }) => hooks === undefined && declares.length > 0);
  const note = said
    ? ['', colors.dim('Of plugins that are not set up, role and hooks are what they say of themselves.')]
    : [];
  const used = found.filter(({ configured }) => configured.length > 0).length;
  const sum = `${count(found.length, 'plugin')}, ${used} in the configuration; this core keeps engine ${ENGINE_VERSION}.`;
  return [
    ...table([head, ...rows], { width }),
    ...note,
    ...(faults.length > 0 ? ['', ...faults] : []),
    '',
    sum,
    '',
  ].join('\n');
}
