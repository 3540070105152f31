/** `gatewright add`: installs a plugin, checks it, and writes its entry into the configuration. */
import { readFileSync, writeFileSync } from 'node:fs';
import { extname, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { inconvertible } from '../../config/inconvertible.ts';
import { defaultId, importModule, loadPlugin } from '../../config/plugin-module.ts';
import type { Fault } from '../../config/problems.ts';
import { shownFile } from '../../config/source.ts';
import { isPlugin, type Plugin } from '../../plugin.ts';
import { CommandFailure, problemsText } from '../failure.ts';
import { configLocation } from '../location.ts';
import { manifestOf } from '../manifest.ts';
import { colorsFor, type Terminal } from '../terminal.ts';
import { usesOf } from '../uses.ts';
import { withEntry, type NewEntry } from './entry.ts';
import { asksFor, install, installing, projectAt } from './installer.ts';
import { gathered, type Gathered } from './questions.ts';
import { problemsOf } from './verdict.ts';

export interface AddOptions {
  readonly config?: string;
  readonly id?: string;
  /** `name=value`. */
  readonly set?: readonly string[];
}

/** A package's name, with a version, range or tag behind it or without; nothing that a shell could take for more. */
const SPEC = /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~][\w.~-]*)(?:@([\w.^~<>=*+-]+))?$/i;
const PATH = /^(?:\.{1,2}[/\\]|[/\\]|[A-Za-z]:[/\\])/;

interface Place {
  readonly folder: string;
  readonly file: string;
  /** How many entries there are already, those that name nothing included. */
  readonly count: number;
  readonly shown: string;
}

/** Resolves with the exit code. Rejects with a CommandFailure; the configuration is then as it was. */
export async function add(spec: string, { config, id, set = [] }: AddOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(config, terminal);
  const use = PATH.test(spec) ? localUse(spec, place, terminal) : await installed(spec, place, terminal);
  const plugin = await checked(use, place);
  const name = id ?? defaultId(plugin);
  const { options, notes } = await gathered(plugin, name, set, terminal);
  const entry: NewEntry = {
    use,
    ...(id !== undefined && { id }),
    ...(Object.keys(options).length > 0 && { with: options }),
  };
  const { file, shown } = place;
  const before = readFileSync(file, 'utf8');
  const text = withEntry(before, entry, extname(file) === '.json' ? 'json' : 'yaml');
  if (text === undefined) {
    throw new CommandFailure(`${shown} is written in a way that nothing can be put into it safely.`, byHand(entry));
  }
  await refuseProblems(text, place, plugin, terminal);
  writeFileSync(file, text);
  say(plugin, name, shown, { options, notes }, terminal);
  return 0;
}

/** Where the entry will stand. A configuration that is a program cannot be written by another. */
async function placeOf(config: string | undefined, terminal: Terminal): Promise<Place> {
  const found = await usesOf(configLocation(config, terminal.cwd), terminal.cwd);
  if ('problems' in found)
    throw new CommandFailure(problemsText(found.problems, colorsFor(terminal.err, terminal.env)));
  const { file } = found;
  if (file === undefined || !['.yaml', '.yml', '.json'].includes(extname(file))) {
    const help = 'install the package yourself, and put use(plugin, { … }) into "plugins"';
    throw new CommandFailure(`${file ?? 'The configuration'} is a program, which this command does not change.`, help);
  }
  return { folder: found.folder, count: found.count, file, shown: shownFile(file, terminal.cwd) };
}

/** The path as the configuration's folder sees it. */
function localUse(spec: string, { folder }: Place, { cwd }: Terminal): string {
  const path = relative(folder, resolve(cwd, spec)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** Installs what is not there yet, or is wanted in a version. Resolves with the package's name. */
async function installed(spec: string, { folder }: Place, { err, env }: Terminal): Promise<string> {
  const [, name, version] = SPEC.exec(spec) ?? [];
  if (name === undefined) {
    throw new CommandFailure(
      `"${spec}" is neither the name of a package nor a path.`,
      'write a name (acme, @acme/guard, @acme/guard@1.2.0), or a file that begins with "./"',
    );
  }
  const project = projectAt(folder);
  if (version === undefined && asksFor(name, project) && manifestOf(name, folder) !== undefined) return name;
  err.write(`${installing(project.manager, spec)}\n`);
  await install(spec, project, env);
  return name;
}

/** The plugin, if it can be used and be written down. */
async function checked(use: string, { folder, shown }: Place): Promise<Plugin> {
  const loaded = await loadPlugin(use, folder, importModule);
  const fault: Fault | undefined = isPlugin(loaded) ? inconvertible(loaded) : loaded;
  if (fault === undefined) return loaded as Plugin;
  const isThere = !PATH.test(use) && manifestOf(use, folder) !== undefined;
  const help = fault.help === undefined ? '' : `${fault.help}. `;
  throw new CommandFailure(
    `${fault.message}.`,
    `${help}${shown} was not changed${isThere ? `; to take the package away again: npm uninstall ${use}` : ''}`,
  );
}

async function refuseProblems(text: string, place: Place, plugin: Plugin, terminal: Terminal): Promise<void> {
  const problems = await problemsOf(text, place.file, place.count, terminal.env);
  if (problems.length === 0) return;
  throw new CommandFailure(
    `${plugin.name} ${plugin.version} does not take what it would be given:\n${problemsText(problems, colorsFor(terminal.err, terminal.env))}`,
    `${place.shown} was not changed; give other values with --set option=value`,
  );
}

function say(plugin: Plugin, id: string, shown: string, { notes }: Gathered, { out, err, env }: Terminal): void {
  out.write(`${colorsFor(out, env).green('added')}  ${plugin.name} ${plugin.version} to ${shown}, as "${id}"\n`);
  for (const note of notes) err.write(`${note}\n`);
  err.write('See what it does with: gatewright plan. A running gateway takes it with a reload (SIGHUP).\n');
}

function byHand(entry: NewEntry): string {
  return `add this to its plugins:\n${stringify([entry], { lineWidth: 0, singleQuote: true })}`.trimEnd();
}
