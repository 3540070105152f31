/** `gatewright schema`: the JSON Schema from which editors complete and check a configuration. */
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { configSchema, type NamedPlugin } from '../config/json-schema.ts';
import { inconvertible } from '../config/inconvertible.ts';
import { importModule, loadPlugin } from '../config/plugin-module.ts';
import { formatProblems } from '../config/problems.ts';
import { isPlugin } from '../plugin.ts';
import { count } from '../count.ts';
import { CommandFailure } from './failure.ts';
import { installedPlugins } from './installed.ts';
import { colorsFor, type Terminal } from './terminal.ts';
import { usesOf, type Uses } from './uses.ts';

export interface SchemaOptions {
  readonly config?: string;
  /** The file to write to. Default: standard output. */
  readonly out?: string;
}

/** Resolves with the exit code. A configuration that has problems, or none at all, still gets a schema: it is written with its help. */
export async function schema({ config = '.', out }: SchemaOptions, terminal: Terminal): Promise<number> {
  const { folder, entries } = await usedPlugins(config, terminal);
  const plugins: NamedPlugin[] = [];
  const uses = entries.map(({ use }) => use);
  for (const use of new Set([...uses, ...installedPlugins(folder)])) {
    const plugin = await loadPlugin(use, folder, importModule);
    if (isPlugin(plugin)) {
      const instances = entries.filter((entry) => entry.use === use);
      for (const entry of instances.length === 0 ? [{ use }] : instances) plugins.push({ ...entry, plugin });
      const fault = inconvertible(plugin);
      if (fault !== undefined) sayLeftOut(use, fault.message, terminal);
    } else if (uses.includes(use)) sayLeftOut(use, plugin.message, terminal);
  }
  const text = `${JSON.stringify(configSchema(plugins), undefined, 2)}\n`;
  if (out === undefined) {
    terminal.out.write(text);
    return 0;
  }
  const file = resolve(terminal.cwd, out);
  write(file, text);
  const path = relative(folder, file);
  terminal.err.write(
    `Wrote ${out} with the options of ${count(new Set(plugins.map(({ use }) => use)).size, 'plugin')}.\n`,
  );
  terminal.err.write(
    `First line of the YAML file: # yaml-language-server: $schema=${path.startsWith('.') ? path : `./${path}`}\n`,
  );
  return 0;
}

async function usedPlugins(config: string, terminal: Terminal): Promise<Pick<Uses, 'folder' | 'entries'>> {
  const { cwd } = terminal;
  const found = await usesOf(config, cwd);
  if (!('problems' in found)) return found;
  sayLeftOut('what the configuration names', formatProblems(found.problems), terminal);
  return { folder: cwd, entries: [] };
}

function sayLeftOut(use: string, message: string, { err, env }: Terminal): void {
  err.write(`${colorsFor(err, env).yellow('left out:')} ${use}: ${message}\n`);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandFailure(`The schema cannot be written: ${(error as Error).message}`);
  }
}
